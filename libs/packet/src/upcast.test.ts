import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentSchema } from './events.js';
import type { PacketEvent } from './events.js';
import { evolve, fold } from './evolve.js';
import { claim, create, packetAfter } from './given.features.js';
import type { ExistingPacket } from './state.js';
import { toDocument } from './to-document.js';
import { schemas, upcast } from './upcast.js';
import type { RawEvent, Schemas } from './upcast.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const recorded = fixture('schema-1.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RawEvent);
const frame = recorded[0]!;

describe('events of schema 1, as they were written', () => {
  const events = recorded.map((raw) => upcast(raw)!);

  it('are of every type', () => {
    const types = new Set(events.map((event) => event.type));
    expect([...types].sort()).toEqual(Object.keys(currentSchema).sort());
  });

  it('fold to the packets that they folded to then', () => {
    const documents = JSON.parse(fixture('schema-1.documents.json')) as { id: string }[];
    expect(documents.length).toBeGreaterThan(5);
    for (const document of documents) {
      const packet = fold(events.filter((event) => event.packet_id === document.id)) as ExistingPacket;
      expect(toDocument(packet, '0-1')).toMatchObject(document);
    }
  });

  it('come to the schema of today, and are not touched where that is theirs', () => {
    events.forEach((event, index) => {
      expect(event.schema).toBe(currentSchema[event.type]);
      if (recorded[index]?.schema === event.schema) expect(event).toBe(recorded[index]);
    });
  });
});

describe('the upcasters', () => {
  it('lead from every schema of a type to that of today', () => {
    for (const [type, current] of Object.entries(schemas.current)) {
      for (let schema = 1; schema < current; schema++) {
        expect(schemas.upcasters[type]?.[schema], `${type} ${schema}`).toBeTypeOf('function');
      }
    }
  });

  const known: Schemas = {
    current: { 'packet.claimed': 3, 'packet.started': 1 },
    upcasters: {
      'packet.claimed': {
        1: (data) => ({ holder: (data as { by: string }).by }),
        2: (data) => ({ claim: { agent: { id: (data as { holder: string }).holder } } }),
      },
    },
  };
  const claimed = (schema: number, data: object): RawEvent => ({
    ...frame,
    type: 'packet.claimed',
    schema,
    data,
  });

  it('apply one after the other, from where an event stands', () => {
    const today = { schema: 3, data: { claim: { agent: { id: 'bo' } } } };
    expect(upcast(claimed(1, { by: 'bo' }), known)).toMatchObject(today);
    expect(upcast(claimed(2, { holder: 'bo' }), known)).toMatchObject(today);
    expect(upcast(claimed(3, today.data), known)).toMatchObject(today);
  });

  it('leave the frame and the recorded event as they are', () => {
    const old = Object.freeze(claimed(1, Object.freeze({ by: 'bo' })));
    const { data, schema, ...rest } = upcast(old, known)!;
    expect({ ...old, ...rest }).toEqual(old);
    expect([schema, data]).toEqual([3, { claim: { agent: { id: 'bo' } } }]);
  });

  it('do not invent a way down, nor across a gap', () => {
    const newer = claimed(9, { something: 'else' });
    expect(upcast(newer, known)).toBe(newer);
    const gap: Schemas = {
      current: { 'packet.claimed': 3 },
      upcasters: { 'packet.claimed': { 2: () => ({}) } },
    };
    expect(upcast(claimed(1, { by: 'bo' }), gap)).toMatchObject({ schema: 1, data: { by: 'bo' } });
  });
});

describe('what this version does not know', () => {
  it('is passed on: it counts as a revision and changes nothing else', () => {
    const packet = packetAfter(create(), claim());
    const strange = upcast({
      ...frame,
      type: 'packet.teleported',
      schema: 4,
      revision: 3,
      data: { to: 'mars' },
    });
    expect(evolve(packet, strange as PacketEvent)).toMatchObject({
      ...packet,
      revision: 3,
      updated_at: frame.occurred_at,
      last_command: frame.causation_id,
      answered: expect.anything() as object,
    });
  });

  it('is null where it is no event at all', () => {
    expect(upcast({ ...frame, data: null })).toBeNull();
    expect(upcast({ ...frame, data: 'text' })).toBeNull();
    expect(upcast({ ...frame, schema: Number.NaN })).toBeNull();
    expect(upcast({ ...frame, type: undefined as never })).toBeNull();
  });
});
