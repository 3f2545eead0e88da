import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packetSubject } from '#libs/contracts';
import type { PacketEvent, PacketId } from '#libs/packet';
import { fold, initialState } from '#libs/packet';
import { LogUnavailable } from './index.js';
import type { PacketLog } from './index.js';
import { newPacketId, progressed, Rig, tenant } from './given.features.js';

const state = initialState;
const revisions = (events: { event: PacketEvent }[]): number[] => events.map(({ event }) => event.revision);

describe('the log', () => {
  let rig: Rig;
  let log: PacketLog;
  let other: PacketLog;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
    other = await rig.log();
  });
  afterAll(() => rig.stop());

  const append = (to: PacketLog, events: PacketEvent[], expected: number) =>
    to.append({ events, expected, state });

  it('loads nothing as absent, at sequence 0', async () => {
    expect(await log.load(tenant, newPacketId())).toEqual({ packet: { status: 'absent' }, sequence: 0 });
  });

  it('appends at the expected sequence, and refuses any other', async () => {
    const id = newPacketId();
    const first = await append(log, [progressed(id, 1)], 0);
    expect(first.kind).toBe('appended');
    const sequence = first.kind === 'appended' ? first.sequences[0]! : 0;
    expect(await append(other, [progressed(id, 2)], 0)).toEqual({ kind: 'conflict' });
    expect(await append(other, [progressed(id, 2)], sequence - 1)).toEqual({ kind: 'conflict' });
    expect((await append(other, [progressed(id, 2)], sequence)).kind).toBe('appended');
    expect(revisions(await log.events(tenant, id))).toEqual([1, 2]);
  });

  it('knows its own event again, whatever sequence the repeat expects', async () => {
    const id = newPacketId();
    const event = progressed(id, 1);
    await append(log, [event], 0);
    expect(await append(other, [event], 0)).toEqual({ kind: 'duplicate' });
    const { sequence } = await other.load(tenant, id);
    expect(await append(other, [event], sequence)).toEqual({ kind: 'duplicate' });
    expect(await log.events(tenant, id)).toHaveLength(1);
  });

  it('stores several events of one command side by side, or none of them', async () => {
    const id = newPacketId();
    const events = [1, 2, 3].map((revision) => progressed(id, revision, 'command-1'));
    const outcome = await append(log, events, 0);
    const recorded = await log.events(tenant, id);
    expect(recorded.map(({ sequence }) => sequence - recorded[0]!.sequence)).toEqual([0, 1, 2]);
    expect(outcome).toMatchObject({ sequences: [recorded[2]!.sequence] });
    expect(
      await append(
        log,
        [4, 5].map((revision) => progressed(id, revision, 'c2')),
        1,
      ),
    ).toEqual({ kind: 'conflict' });
    expect(await log.events(tenant, id)).toHaveLength(3);
  });

  it('stores events of two packets together, or none of either', async () => {
    const [parent, child, taken] = [newPacketId(), newPacketId(), newPacketId()];
    await append(log, [progressed(taken, 1)], 0);
    const pair = (second: PacketId) => [
      { events: [progressed(parent, 1, `pair-${second}`)], expected: 0, state },
      { events: [progressed(second, 1, `pair-${second}`)], expected: 0, state },
    ];
    expect(await log.append(...pair(taken))).toEqual({ kind: 'conflict' });
    expect(await log.events(tenant, parent)).toEqual([]);
    const outcome = await log.append(...pair(child));
    const [first] = await log.events(tenant, parent);
    const [second] = await log.events(tenant, child);
    expect(outcome).toMatchObject({ sequences: [first!.sequence, second!.sequence] });
  });

  it('always loads what is there now, though another process wrote it', async () => {
    const id = newPacketId();
    for (let revision = 1; revision <= 20; revision += 1) {
      const { sequence } = await log.load(tenant, id);
      await append(other, [progressed(id, revision)], sequence);
      const loaded = await log.load(tenant, id);
      expect(loaded.sequence).toBeGreaterThan(sequence);
      expect(loaded).toEqual(await other.load(tenant, id));
    }
    expect(log.cached(tenant, id)?.sequence).toBe((await log.load(tenant, id)).sequence);
  });

  it('folds only what is new on top of the state it holds', async () => {
    const id = newPacketId();
    await append(other, [progressed(id, 1)], 0);
    const before = await log.load(tenant, id);
    await append(other, [progressed(id, 2)], before.sequence);
    const after = await log.load(tenant, id);
    const events = await log.events(tenant, id);
    expect(after.packet).toEqual(fold(events.map(({ event }) => event)));
  });

  it('loads the same where it must ask the leader first', async () => {
    const id = newPacketId();
    const replicated = await rig.log({ replicas: 3 });
    expect(await replicated.load(tenant, id)).toEqual({ packet: { status: 'absent' }, sequence: 0 });
    await append(other, [progressed(id, 1)], 0);
    const { sequence } = await replicated.load(tenant, id);
    expect(sequence).toBe((await log.load(tenant, id)).sequence);
    await append(other, [progressed(id, 2)], sequence);
    expect((await replicated.load(tenant, id)).sequence).toBeGreaterThan(sequence);
    expect(revisions(await replicated.events(tenant, id))).toEqual([1, 2]);
  });

  it('gives a packet with more events than one answer holds', { timeout: 30_000 }, async () => {
    const id = newPacketId();
    let expected = 0;
    for (let first = 1; first <= 2_300; first += 100) {
      const events = Array.from({ length: 100 }, (_, index) =>
        progressed(id, first + index, `command-${first}`),
      );
      const outcome = await append(log, events, expected);
      expected = outcome.kind === 'appended' ? outcome.sequences[0]! : -1;
    }
    const all = await other.events(tenant, id);
    expect(revisions(all)).toEqual(Array.from({ length: 2_300 }, (_, index) => index + 1));
    expect(revisions(await other.events(tenant, id, { fromRevision: 2_000, limit: 3 }))).toEqual([
      2000, 2001, 2002,
    ]);
  });

  it('is read in order, page by page, up to its end', async () => {
    const from = (await log.lastSequence()) + 1;
    const ids = Array.from({ length: 25 }, newPacketId);
    await Promise.all(ids.map((id) => append(log, [progressed(id, 1)], 0)));
    const seen: number[] = [];
    let page = await other.read(from, 10);
    seen.push(...page.events.map(({ sequence }) => sequence));
    while (!page.end) {
      page = await other.read(page.next, 10);
      seen.push(...page.events.map(({ sequence }) => sequence));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => from + index));
    expect(page.next).toBe((await log.lastSequence()) + 1);
    expect(await other.read(page.next, 10)).toEqual({ events: [], next: page.next, end: true });
  });

  it('passes over messages that are no events, and keeps its place', async () => {
    const id = newPacketId();
    const nats = await rig.connect();
    const from = (await log.lastSequence()) + 1;
    await nats.request(packetSubject(tenant, id), 'not an event');
    await append(log, [progressed(id, 1)], from);
    const page = await other.read(from, 10);
    expect(page).toMatchObject({ next: from + 2, end: true });
    expect(page.events).toHaveLength(1);
    expect((await other.load(tenant, id)).sequence).toBe(from + 1);
  });

  it('refuses an event that no message can hold before it sends anything', async () => {
    const id = newPacketId();
    const event = { ...progressed(id, 1), data: { percent: 1, note: 'x'.repeat(3_000_000) } } as PacketEvent;
    await expect(append(log, [event], 0)).rejects.toMatchObject({ name: 'EventTooLarge' });
    expect(await log.events(tenant, id)).toEqual([]);
  });

  it('counts the headers too, and lets no other append suffer for one that is too large', async () => {
    const [id, ids] = [newPacketId(), Array.from({ length: 20 }, newPacketId)];
    const grouping = await rig.log();
    const note = 'x'.repeat(2 * 1024 * 1024 - 2_500);
    const long = { agent_id: '\u{1f600}'.repeat(256) };
    const event = { ...progressed(id, 1), declared: long, data: { percent: 1, note } } as PacketEvent;
    const [refused, ...others] = await Promise.allSettled([
      append(grouping, [event], 0),
      ...ids.map((each) => append(grouping, [progressed(each, 1)], 0)),
    ]);
    expect(refused).toMatchObject({ reason: { name: 'EventTooLarge' } });
    expect(others.map(({ status }) => status)).toEqual(ids.map(() => 'fulfilled'));
  });

  it('fails what is in flight when it is closed', async () => {
    const closing = await rig.log();
    const loading = closing.load(tenant, newPacketId());
    closing.close();
    await expect(loading).rejects.toBeInstanceOf(LogUnavailable);
  });
});

describe('appends that share a sync', () => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await Rig.start('strict');
  });
  afterAll(() => rig.stop());

  it('each land where they should, and once', async () => {
    const [log, reader] = [await rig.log(), await rig.log()];
    const ids = Array.from({ length: 300 }, newPacketId);
    const outcomes = await Promise.all(
      ids.map((id) => log.append({ events: [progressed(id, 1)], expected: 0, state })),
    );
    await Promise.all(
      ids.map(async (id, index) => {
        const [recorded, ...more] = await reader.events(tenant, id);
        expect(more).toEqual([]);
        expect(outcomes[index]).toMatchObject({ kind: 'appended', sequences: [recorded!.sequence] });
      }),
    );
  });

  it('are judged one by one when some of them are stale', async () => {
    const log = await rig.log();
    const ids = Array.from({ length: 120 }, newPacketId);
    const stale = ids.filter((_, index) => index % 7 === 0);
    const first = await rig.log();
    await Promise.all(stale.map((id) => first.append({ events: [progressed(id, 1)], expected: 0, state })));
    const outcomes = await Promise.all(
      ids.map((id) => log.append({ events: [progressed(id, 1)], expected: 0, state })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      ids.map((_, index) => (index % 7 === 0 ? 'conflict' : 'appended')),
    );
    for (const id of ids) expect(await log.events(tenant, id)).toHaveLength(1);
  });

  it('carry commands of several events whole', async () => {
    const log = await rig.log();
    const ids = Array.from({ length: 60 }, newPacketId);
    const two = (id: PacketId) => [progressed(id, 1, `of ${id}`), progressed(id, 2, `of ${id}`)];
    const outcomes = await Promise.all(ids.map((id) => log.append({ events: two(id), expected: 0, state })));
    for (const [index, id] of ids.entries()) {
      const recorded = await log.events(tenant, id);
      expect(revisions(recorded)).toEqual([1, 2]);
      expect(outcomes[index]).toMatchObject({ sequences: [recorded[1]!.sequence] });
    }
  });
});
