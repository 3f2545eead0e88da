import { TE } from '@nats-io/nats-core/internal';
import { instantAt } from '#libs/packet';
import type { Actor, CommandId, PacketEvent, PacketId, TenantId } from '#libs/packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent } from './codec.js';
import { parseHeaders, writeHeaders } from './raw-headers.js';
import type { HeaderMap } from './raw-headers.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const ids = fc.uuid();
const actors: fc.Arbitrary<Actor> = fc.record({
  type: fc.constantFrom('agent', 'human', 'system'),
  id: text,
  key_id: text,
});
const instants = fc.integer({ min: 0, max: 4e12 }).map(instantAt);
const declared = fc.oneof(
  fc.constant({}),
  fc.record({ declared: fc.record({ agent_id: text, responded_by: text }) }),
  fc.record({ declared: fc.constant({ as_admin: true as const }) }),
);
const digests = fc.oneof(fc.constant({}), fc.record({ request_digest: fc.stringMatching(/^[0-9a-f]{64}$/) }));

const events: fc.Arbitrary<PacketEvent> = fc
  .tuple(
    ids,
    ids,
    ids,
    actors,
    instants,
    declared,
    digests,
    fc.integer({ min: 1, max: 1e6 }),
    text,
    fc.jsonValue(),
  )
  .map(([id, packet, command, actor, occurred_at, says, digest, revision, claim_id, result]) => ({
    id,
    type: 'packet.completed',
    schema: 1,
    tenant_id: 'acme' as TenantId,
    packet_id: packet as PacketId,
    revision,
    occurred_at,
    actor,
    ...says,
    causation_id: command as CommandId,
    ...digest,
    correlation_id: packet as PacketId,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    data: { claim_id, result: result as never },
  }));

/** Headers as they come off the wire. */
const overTheWire = (event: PacketEvent): [HeaderMap, string] => {
  const { headers, payload } = encodeEvent(event);
  return [parseHeaders(TE.encode(writeHeaders(headers).toString())), payload];
};

const sample = (): PacketEvent => fc.sample(events, { numRuns: 1, seed: 1 })[0]!;

describe('the codec', () => {
  it('gives back what it was given, whatever the texts hold', () => {
    fc.assert(
      fc.property(events, (event) => {
        const [headers, payload] = overTheWire(event);
        expect(decodeEvent(headers, payload)).toEqual(JSON.parse(JSON.stringify(event)));
      }),
    );
  });

  it('writes headers in plain ASCII', () => {
    fc.assert(
      fc.property(events, (event) => {
        for (const [, value = ''] of encodeEvent(event).headers) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('is a CloudEvent in binary mode', () => {
    const event = sample();
    expect(Object.fromEntries(encodeEvent(event).headers)).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': event.id,
      'ce-source': '/tenants/acme/packets',
      'ce-type': 'packet.completed',
      'ce-subject': event.packet_id,
      'ce-causationid': event.causation_id,
      traceparent: event.traceparent,
    });
  });

  it('never throws, whatever stands on the log', () => {
    const headers = fc.dictionary(
      fc.constantFrom('ce-type', 'ce-actor', 'ce-schemaversion', 'ce-revision'),
      text,
    );
    fc.assert(
      fc.property(headers, text, (odd, payload) => {
        expect(() => decodeEvent(new Map(Object.entries(odd)), payload)).not.toThrow();
      }),
    );
  });

  it('passes over what is no event and what has no readable data', () => {
    const [headers, payload] = overTheWire(sample());
    expect(decodeEvent(new Map(), '{}')).toBeNull();
    expect(decodeEvent(headers, 'no json')).toBeNull();
    expect(decodeEvent(new Map([...headers, ['ce-actor', '{']]), payload)).toBeNull();
  });

  it('refuses a header with a line break, so that nobody can add one of theirs', () => {
    expect(() => writeHeaders([['ce-id', 'a\r\nNats-Rollup: all']])).toThrow(RangeError);
  });
});
