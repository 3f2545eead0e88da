import { setTimeout as delay } from 'node:timers/promises';
import { instantAt, type PacketId } from '#libs/packet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimNext } from './claim-next.js';
import { Rail } from './claim-next.features.js';

let rail: Rail;
let service: ClaimNext;

beforeAll(async () => {
  rail = await Rail.start();
});

beforeEach(async () => {
  service = await rail.service();
});

afterEach(async () => {
  // What a test left on offer is not for the next one.
  await rail.settled();
  await rail.source.query(`update handoffrail.packets set pool = null where pool is not null`);
  await service.stop();
});

afterAll(async () => {
  await rail.stop();
});

const idsOf = (packets: readonly { id: PacketId }[]) => packets.map(({ id }) => id);

/** Claims one after the other until there is nothing more. */
const drain = async (agent: string, more = {}): Promise<PacketId[]> => {
  const ids: PacketId[] = [];
  for (;;) {
    const packets = await rail.next(service, agent, more);
    if (packets.length === 0) return ids;
    ids.push(...idsOf(packets));
  }
};

describe('claim-next', () => {
  it('gives level first, then deadline, then age', async () => {
    const at = (seconds: number) => instantAt(Date.now() + seconds * 1_000);
    const first = await rail.create();
    const late = await rail.create({ deadline: at(900) });
    const soon = await rail.create({ deadline: at(300) });
    const high = await rail.create({ priority: 8 });
    const second = await rail.create();
    await rail.settled();
    expect(await drain('bob')).toEqual([high, soon, late, first, second]);
  });

  it('raises what has waited, by a level per interval', async () => {
    const low = await rail.create({ priority: 2 });
    await delay(400);
    const high = await rail.create({ priority: 4 });
    await rail.settled();
    await service.stop();
    service = await rail.service({ ageingMs: 100 });
    expect(await drain('bob')).toEqual([low, high]);
  });

  it('gives as many as are asked for, claimed with a lease', async () => {
    const ids = await rail.createMany(5);
    await rail.settled();
    const packets = await rail.next(service, 'bob', { max: 3, lease_seconds: 60 });
    expect(packets).toHaveLength(3);
    for (const { status, claim } of packets) {
      expect(status).toBe('claimed');
      expect(claim).toMatchObject({ agent: { id: 'bob' }, attempt: 1, lease_seconds: 60 });
    }
    const rest = await rail.next(service, 'bob', { max: 50 });
    expect([...idsOf(packets), ...idsOf(rest)].sort()).toEqual([...ids].sort());
  });

  it('gives to each what is for it: its own, what it can do, what is tagged so', async () => {
    const mine = await rail.create({ target: 'bob', policy: 'target' });
    const pdf = await rail.create({ routing: { capabilities: ['PDF', 'ocr'] }, policy: 'target' });
    const tagged = await rail.create({ tags: ['blue', 'round'] });
    await rail.settled();
    expect(await drain('eve', { tags: ['red'] })).toEqual([]);
    expect(await drain('eve', { capabilities: ['pdf'], tags: ['blue', 'red'] })).toEqual([]);
    rail.known.set('amy', { capabilities: ['ocr'] });
    expect(await drain('amy', { capabilities: ['Pdf'], tags: [] })).toEqual([pdf, tagged].sort());
    expect(await drain('amy')).toEqual([]);
    expect(await drain('bob')).toEqual([mine]);
  });

  it('never gives a packet to an agent that is excluded, though hundreds of those stand first', async () => {
    const excluded = await rail.createMany(300, { routing: { exclude: ['eve'] } });
    const open = await rail.create();
    await rail.settled();
    expect(await drain('eve')).toEqual([open]);
    expect((await drain('bob', { max: 50 })).sort()).toEqual([...excluded].sort());
  });

  it('gives nothing to an agent at its limit until it has ended one', async () => {
    rail.known.set('lee', { capabilities: [], max_concurrency: 2 });
    await rail.createMany(4);
    await rail.settled();
    const [first] = await rail.next(service, 'lee', { max: 50 });
    expect(await rail.next(service, 'lee')).toEqual([]);
    const waiting = rail.next(service, 'lee', { max: 50, wait_ms: 10_000 });
    await delay(50);
    await rail.send('complete', first!.id, { result: null });
    expect(await waiting).toHaveLength(1);
    rail.known.delete('lee');
    expect(await drain('lee')).toHaveLength(1);
  });

  it('gives back at once what was released, and what is put off when its time comes', async () => {
    const id = await rail.create();
    await rail.settled();
    expect(idsOf(await rail.next(service, 'bob'))).toEqual([id]);
    await rail.send('release', id, {});
    await rail.settled();
    expect(idsOf(await rail.next(service, 'bob'))).toEqual([id]);
    await rail.send('release', id, { delay_seconds: 1 });
    const releasedAt = Date.now();
    await rail.settled();
    expect(await rail.next(service, 'bob')).toEqual([]);
    expect(idsOf(await rail.next(service, 'bob', { wait_ms: 10_000 }))).toEqual([id]);
    expect(Date.now() - releasedAt).toBeGreaterThanOrEqual(990);
    expect(Date.now() - releasedAt).toBeLessThan(2_500);
  });

  it('finds a delay that was there before anybody asked', async () => {
    const id = await rail.create();
    await rail.settled();
    await rail.next(service, 'bob');
    await rail.send('release', id, { delay_seconds: 1 });
    await rail.settled();
    await service.stop();
    service = await rail.service();
    const startedAt = Date.now();
    expect(idsOf(await rail.next(service, 'bob', { wait_ms: 10_000 }))).toEqual([id]);
    expect(Date.now() - startedAt).toBeLessThan(2_500);
  });

  it('does not let one source hold back another', async () => {
    const flood = await rail.createMany(10_000);
    const few = await rail.createMany(10, { source: 'b' });
    await rail.settled();
    const given: PacketId[] = [];
    for (let n = 0; n < 30; n += 1) given.push(...idsOf(await rail.next(service, 'bob')));
    expect(Math.max(...few.map((id) => given.indexOf(id)))).toBeLessThan(24);
    expect(Math.min(...few.map((id) => given.indexOf(id)))).toBeGreaterThanOrEqual(0);
    const rest = await drain('bob', { max: 50 });
    expect(new Set([...given, ...rest]).size).toBe(flood.length + few.length);
    // Age decides within a source.
    const ofFlood = [...given, ...rest].filter((id) => !few.includes(id));
    expect(ofFlood.slice(0, 20)).toEqual([...ofFlood.slice(0, 20)].sort());
  });

  it('never gives another tenant anything', async () => {
    await rail.create();
    await rail.settled();
    const other = 'umbrella' as typeof rail.tenant;
    const principal = { ...rail.call('bob').principal, tenant_id: other };
    expect(await rail.next(service, 'bob', { tenant_id: other, principal })).toEqual([]);
    expect(await drain('bob')).toHaveLength(1);
  });
});

describe('waiting for work', () => {
  it('is woken by a packet, first come first served', async () => {
    const order: string[] = [];
    const waiting = ['x', 'y', 'z'].map(async (agent) => {
      const packets = await rail.next(service, agent, { wait_ms: 10_000 });
      order.push(agent);
      return packets;
    });
    await delay(50);
    for (let n = 0; n < 3; n += 1) {
      await rail.create();
      await rail.settled();
      await delay(30);
    }
    expect((await Promise.all(waiting)).flat()).toHaveLength(3);
    expect(order).toEqual(['x', 'y', 'z']);
  });

  it('ends empty with its time', async () => {
    const startedAt = Date.now();
    expect(await rail.next(service, 'bob', { wait_ms: 200 })).toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(195);
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it('ends at once when the caller goes away, who is given nothing then', async () => {
    const gone = new AbortController();
    const waiting = rail.next(service, 'bob', { wait_ms: 10_000, signal: gone.signal });
    const ended = rail.next(service, 'eve', { wait_ms: 10_000, call_id: 'call-1' });
    await delay(30);
    gone.abort();
    rail.nats.publish('hr.call.claiming.claim_next.end', JSON.stringify({ call_id: 'call-1' }));
    expect(await waiting).toEqual([]);
    expect(await ended).toEqual([]);
    const id = await rail.create();
    await rail.settled();
    expect(idsOf(await rail.next(service, 'amy'))).toEqual([id]);
  });

  it('ends at once when the service stops', async () => {
    const waiting = rail.next(service, 'bob', { wait_ms: 10_000 });
    await delay(30);
    service.endWaits();
    expect(await waiting).toEqual([]);
    expect(await rail.next(service, 'bob', { wait_ms: 10_000 })).toEqual([]);
  });
});

describe('several services', () => {
  it('give each of 2,000 packets to one of 64 workers, exactly once', async () => {
    const other = await rail.service();
    const ids = await rail.createMany(2_000);
    await rail.settled();
    const given: PacketId[] = [];
    const work = async (_: unknown, n: number) => {
      const mine = n % 2 === 0 ? service : other;
      for (;;) {
        const packets = await rail.next(mine, `worker-${n}`, { wait_ms: 300 });
        if (packets.length === 0) return;
        given.push(...idsOf(packets));
      }
    };
    await Promise.all(Array.from({ length: 64 }, work));
    expect(given).toHaveLength(2_000);
    expect([...given].sort()).toEqual([...ids].sort());
  });

  it('give nothing twice though the read models stand still', async () => {
    const other = await rail.service();
    const ids = await rail.createMany(40);
    await rail.settled();
    rail.isPaused = true;
    const given = (
      await Promise.all(
        Array.from({ length: 60 }, (_, n) => rail.next(n % 2 === 0 ? service : other, `worker-${n}`)),
      )
    ).flat();
    rail.isPaused = false;
    expect(idsOf(given).sort()).toEqual([...ids].sort());
  });
});

describe('without Postgres', () => {
  it('says so at once, also to those that would wait', async () => {
    const alone = await rail.service({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' });
    const reply = await alone.answer(rail.call('bob', { wait_ms: 10_000 }));
    expect(reply).toMatchObject({ outcome: 'fault', code: 'unavailable' });
  });
});
