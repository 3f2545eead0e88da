import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CommandReply, formatPosition, parsePosition, quotaSubject } from '#libs/contracts';
import { type CommandId, instantAt, type PacketId, type TenantId } from '#libs/packet';
import { chain, create, newPacketId, packetOf, Rig, until } from './given.features.js';
import { consumePinned, handleCommand, type PacketLog, type RecordedEvent } from './index.js';

const principalOf = (tenant_id: TenantId) => ({
  tenant_id,
  key_id: 'key-1',
  role: 'writer' as const,
  type: 'agent' as const,
});

const accepted = (replies: CommandReply[]) => replies.filter(({ outcome }) => outcome === 'accepted');

const refusal = (reply: CommandReply) => (reply.outcome === 'refused' ? reply.rejection : reply);

const seconds = (count: number) => count * 1_000;

describe('the packets that a tenant may make in a day', () => {
  let rig: Rig;
  let log: PacketLog;
  let other: PacketLog;
  let tenant: TenantId;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
    other = await rig.log();
  });
  beforeEach(() => void (tenant = `t-${randomUUID()}` as TenantId));
  afterEach(() => void vi.useRealTimers());
  afterAll(() => rig.stop());

  const of = (limit: number | undefined, more: object = {}, packet_id = newPacketId()) => ({
    packet_id,
    tenant_id: tenant,
    principal: principalOf(tenant),
    ...(limit !== undefined && { packets_per_day: limit }),
    ...more,
  });
  const made = (limit: number, to = log, more: object = {}) => handleCommand(to, create(of(limit, more)));
  const used = async (of = tenant) => (await other.quotas.use(of, instantAt(Date.now()))).used;

  it('are as many as its limit, then it is told how many, and until when', async () => {
    for (let nth = 0; nth < 3; nth += 1) packetOf(await made(3));
    const tomorrow = new Date(Date.now() + seconds(86_400)).toISOString().slice(0, 10);
    expect(refusal(await made(3))).toMatchObject({
      code: 'daily_limit_reached',
      limit: 3,
      used: 3,
      resets_at: `${tomorrow}T00:00:00.000Z`,
    });
    expect(await used()).toBe(3);
    // A higher limit is good at once, and none at all counts nothing.
    packetOf(await made(4));
    packetOf(await handleCommand(log, create(of(undefined))));
    expect(await used()).toBe(4);
    expect(refusal(await made(4))).toMatchObject({ used: 4 });
    expect(refusal(await made(0))).toMatchObject({ limit: 0 });
  });

  it('are exactly as many when hundreds are tried at once in four processes', async () => {
    const logs = [log, other, await rig.log(), await rig.log()];
    const replies = await Promise.all(Array.from({ length: 200 }, (_, nth) => made(5, logs[nth % 4])));
    expect(accepted(replies)).toHaveLength(5);
    const refused = replies.filter(({ outcome }) => outcome === 'refused');
    expect(refused).toHaveLength(195);
    expect(new Set(refused.map((reply) => JSON.stringify(refusal(reply)))).size).toBe(1);
    expect(await used()).toBe(5);
  });

  it('lets two processes go on side by side where there is room for all', async () => {
    const replies = await Promise.all(
      Array.from({ length: 120 }, (_, nth) => made(1_000, nth % 2 === 0 ? log : other)),
    );
    expect(accepted(replies)).toHaveLength(120);
    expect(await used()).toBe(120);
  });

  it('takes nothing for what fails, and once for what is repeated', async () => {
    const packet_id = newPacketId();
    const keyed = { command_id: randomUUID() as CommandId, request_digest: 'd'.repeat(64) };
    const creation = create(of(2, keyed, packet_id));
    const first = packetOf(await handleCommand(log, creation));
    for (const to of [log, other, await rig.log()])
      expect(await handleCommand(to, creation)).toEqual({
        outcome: 'accepted',
        packet: first,
        replayed: true,
        quiet: false,
      });
    // The id is taken, by another command.
    expect(await handleCommand(other, create(of(2, {}, packet_id)))).toMatchObject({ outcome: 'refused' });
    const forbidden = { principal: { ...principalOf(tenant), agent_id: 'somebody-else' } };
    expect(refusal(await made(2, log, forbidden))).toMatchObject({ code: 'forbidden' });
    expect(await used()).toBe(1);
    packetOf(await made(2));
    expect(refusal(await made(2))).toMatchObject({ code: 'daily_limit_reached' });
    // What was made in time is answered again although nothing may be made now.
    expect(await handleCommand(await rig.log(), creation)).toMatchObject({ replayed: true });
    const misused = { ...creation, meta: { ...creation.meta, request_digest: 'e'.repeat(64) } };
    expect(refusal(await handleCommand(await rig.log(), misused))).toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('takes once for a create that two processes try at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const creation = create(of(100, { command_id: randomUUID(), request_digest: 'd'.repeat(64) }));
      const replies = await Promise.all([handleCommand(log, creation), handleCommand(other, creation)]);
      expect(accepted(replies)).toHaveLength(2);
      expect(await used()).toBe(round + 1);
    }
  });

  it.each([
    ['is too large', () => create(of(7), 'x'.repeat(3_000_000)), 'packet_too_large'],
    ['is there already', (taken: PacketId) => create(of(7, {}, taken)), 'already_exists'],
  ])('goes to those that are written with one that %s', async (_what, wrong, code) => {
    const taken = packetOf(await made(7, other)).id;
    const from = (await log.lastSequence()) + 1;
    const good = (count: number) => Array.from({ length: count }, () => made(7));
    const replies = await Promise.all([...good(3), handleCommand(log, wrong(taken)), ...good(5)]);
    const told = replies.map((reply) => ('rejection' in reply ? reply.rejection.code : reply.outcome));
    expect(told[3]).toBe(code);
    expect(told.filter((each) => each === 'accepted')).toHaveLength(6);
    expect(told.filter((each) => each === 'daily_limit_reached')).toHaveLength(2);
    expect(await used()).toBe(7);
    const { events } = await log.read(from);
    const shown = replies.flatMap((reply) => (reply.outcome === 'accepted' ? [reply.packet] : []));
    expect(shown.map(({ id, position }) => `${id} ${position}`).sort()).toEqual(
      events.map(({ event, sequence }) => `${event.packet_id} ${formatPosition(sequence)}`).sort(),
    );
  });

  it('writes what comes at once together', async () => {
    const before = await log.lastSequence();
    const replies = await Promise.all(Array.from({ length: 64 }, () => made(1_000)));
    expect(accepted(replies)).toHaveLength(64);
    // One count for many, and each packet where its answer says.
    expect((await log.lastSequence()) - before).toBeLessThan(64 + 10);
    for (const reply of replies) {
      const { id, position } = packetOf(reply);
      const [event] = await other.events(tenant, id);
      expect(event?.sequence).toBe(parsePosition(position));
    }
    expect(await used()).toBe(64);
  });

  it('counts the child of a chain, and not what happens to packets', async () => {
    const parent = packetOf(await made(2));
    const chained = await handleCommand(other, chain(of(2, {}, parent.id), newPacketId()));
    expect(packetOf(chained)).toMatchObject({ parent_packet_id: parent.id });
    expect(await used()).toBe(2);
    const more = await handleCommand(log, chain(of(2, {}, parent.id), newPacketId()));
    expect(refusal(more)).toMatchObject({ code: 'daily_limit_reached' });
    expect((await log.load(tenant, parent.id)).packet).toMatchObject({ revision: 2 });
  });

  it('begins anew with the day in UTC, and a clock that lags does not turn it back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-06-30T23:59:59.990Z') });
    for (let nth = 0; nth < 2; nth += 1) packetOf(await made(2));
    expect(refusal(await made(2))).toMatchObject({ resets_at: '2030-07-01T00:00:00.000Z' });
    vi.setSystemTime(new Date('2030-07-01T00:00:00.000Z'));
    expect(await used()).toBe(0);
    for (let nth = 0; nth < 2; nth += 1) packetOf(await made(2, other));
    vi.setSystemTime(new Date('2030-06-30T23:59:59.999Z'));
    expect(refusal(await made(2, await rig.log()))).toMatchObject({ resets_at: '2030-07-02T00:00:00.000Z' });
    // A clock that was years ahead does not lock the tenant out once it is right again.
    vi.setSystemTime(new Date('2027-01-01T12:00:00.000Z'));
    packetOf(await made(2));
    expect(await used()).toBe(1);
  });

  it('is counted by the leader where the log has copies', async () => {
    const replicated = await rig.log({ replicas: 3 });
    const usedThere = async () => (await replicated.quotas.use(tenant, instantAt(Date.now()))).used;
    expect(await usedThere()).toBe(0);
    for (const to of [replicated, log, replicated, log]) packetOf(await made(4, to));
    expect(await usedThere()).toBe(4);
    expect(refusal(await made(4, replicated))).toMatchObject({ code: 'daily_limit_reached', used: 4 });
  });

  it('is not upset by what is no message of the rail', async () => {
    await jetstream(await rig.connect()).publish(quotaSubject(tenant), 'no JSON');
    packetOf(await made(1));
    expect(refusal(await made(1, other))).toMatchObject({ code: 'daily_limit_reached' });
  });

  it('leaves no gap that a reader of the log could take for a missing event', async () => {
    const from = (await log.lastSequence()) + 1;
    const taken: RecordedEvent[] = [];
    const consumption = consumePinned({
      nats: await rig.connect(),
      logger: rig.heard,
      consumer: `quota-${randomUUID()}`,
      fromSequence: from,
      handler: async (events) => void taken.push(...events),
    });
    const first = packetOf(await made(5));
    const free = packetOf(await handleCommand(log, create(of(undefined))));
    const last = packetOf(await made(5));
    await until(() => taken.length === 3);
    await consumption.stop();
    expect(taken.map(({ sequence, counted }) => [sequence - from, counted])).toEqual([
      [1, true],
      [2, undefined],
      [4, true],
    ]);
    expect([first, free, last].map(({ position }) => (parsePosition(position) ?? 0) - from)).toEqual([
      1, 2, 4,
    ]);
    const page = await log.read(from);
    expect(page).toEqual({ events: taken, next: from + 5, end: true });
    expect((await log.read(from, 100, tenant)).events).toEqual(taken);
    expect(await log.lastSequence()).toBe(taken.at(-1)?.sequence);
  });
});
