import { instantAt, type PacketId } from '#libs/packet';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkpoint, createDataSource, migrate, Projection, replay } from '../index.js';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import { acme, RecordedLog, startMs, umbrella } from '../recorded.features.js';
import { heldPackets, nextOffer, poolsByCapability } from './queries.js';
import { giveBack, reservePackets, sweepReservations } from './reserve.js';
import { waitingPackets, walkInOrder } from './waiting.js';

let database: FreshDatabase;
let source: ReturnType<typeof createDataSource>;
let log: RecordedLog;
const now = new Date(startMs + 3_600_000);

beforeAll(async () => {
  database = await freshDatabase();
  source = createDataSource(database.url, { settings: walkInOrder });
  await migrate(source);
});

beforeEach(async () => {
  log = new RecordedLog();
  await source.query('truncate handoffrail.packets, handoffrail.checkpoints, handoffrail.offer_reservations');
});

afterAll(async () => {
  await source.destroy();
  await database.stop();
});

const project = async () => replay(new Projection(source), log, { from: (await checkpoint(source)) + 1 });
const open = (more: object = {}, agent = 'sales-01') => ({
  claim_policy: 'open',
  metadata: { source_agent: { id: agent, name: agent }, priority: 'normal', tags: [], ...more },
});
const lane = (pool: string, tags: string[] = [], after = '') => ({ pool, tags, agent: null, after });
const idsIn = async (pool: string, tags: string[] = [], at = now): Promise<PacketId[]> => {
  const found = await waitingPackets(source, acme, { lanes: [lane(pool, tags)], now: at });
  const unique = new Map(found.map((one) => [one.id, one]));
  return [...unique.values()]
    .sort(
      (a, b) =>
        b.level - a.level || (a.deadline ?? 9e15) - (b.deadline ?? 9e15) || a.offered_at - b.offered_at,
    )
    .map(({ id }) => id);
};

describe('packets on offer', () => {
  it('lie in the pool of those that may have them', async () => {
    const mine = log.create({ claim_policy: 'target' });
    const everybody = log.create(open());
    const skilled = log.create({
      ...open({ target_agent: undefined }),
      routing: { capabilities: ['pdf', 'ocr'], exclude: ['eve'] },
    });
    log.claim(log.create(open()));
    log.create(open(), umbrella);
    await project();
    expect(await idsIn('=billing-01')).toEqual([mine]);
    expect(await idsIn('*')).toEqual([everybody]);
    const [pool = ''] = await poolsByCapability(source, acme);
    expect(pool).toBe('+["ocr","pdf"]');
    const [found] = await waitingPackets(source, acme, { lanes: [lane(pool)], now });
    expect(found).toMatchObject({ id: skilled, not_for: ['eve'], lane: 0, level: 5, source: 'sales-01' });
    expect(await poolsByCapability(source, umbrella)).toEqual([]);
  });

  it('are found first by due time, and by age, whatever else there is', async () => {
    const deadline = (ms: number) => instantAt(startMs + 3_600_000 + ms);
    for (let n = 0; n < 300; n += 1) log.create(open());
    const late = log.create(open({ deadline: deadline(9_000) }));
    const soon = log.create(open({ deadline: deadline(1_000) }));
    const high = log.create(open({ priority: 'critical' }));
    await project();
    const ids = await idsIn('*');
    expect(ids.slice(0, 3)).toEqual([high, soon, late]);
    expect(ids.length).toBeLessThan(300);
  });

  it('of each source, however many packets another has', async () => {
    for (let n = 0; n < 400; n += 1) log.create(open());
    const other = log.create(open({}, 'support-01'));
    await project();
    expect(await idsIn('*')).toContain(other);
  });

  it('of sources behind a given one too, when there are more than are looked at', async () => {
    for (let n = 0; n < 90; n += 1) log.create(open({}, `source-${String(n).padStart(2, '0')}`));
    await project();
    const sourcesAfter = async (after: string) => {
      const found = await waitingPackets(source, acme, { lanes: [lane('*', [], after)], now });
      return new Set(found.map((one) => one.source));
    };
    const seen = new Set([
      ...(await sourcesAfter('')),
      ...(await sourcesAfter('source-31')),
      ...(await sourcesAfter('source-63')),
    ]);
    expect(seen.size).toBe(90);
  });

  it('only those that an agent may have, when it is asked for them', async () => {
    for (let n = 0; n < 300; n += 1) log.create({ ...open(), routing: { exclude: ['eve'] } });
    const hers = log.create(open());
    await project();
    const found = await waitingPackets(source, acme, { lanes: [{ ...lane('*'), agent: 'eve' }], now });
    expect(found.map(({ id }) => id)).toEqual([hers]);
  });

  it('only with all the tags asked for', async () => {
    log.create(open({ tags: ['a'] }));
    const both = log.create(open({ tags: ['b', 'a'] }));
    await project();
    expect(await idsIn('*', ['a', 'b'])).toEqual([both]);
  });

  it('not before they are offered again, nor after their end', async () => {
    const put = log.create(open());
    log.claim(put);
    const back = instantAt(startMs + 3_700_000);
    log.record('packet.released', { id: put }, { claim_id: 'claim', available_at: back });
    log.create({ ...open(), expires_at: instantAt(startMs + 1_000) });
    await project();
    expect(await idsIn('*')).toEqual([]);
    expect(await idsIn('*', [], new Date(back))).toEqual([put]);
    expect(await nextOffer(source, acme, { pools: ['*'], now })).toEqual(new Date(back));
    expect(await nextOffer(source, acme, { pools: ['=billing-01'], now })).toBeNull();
  });
});

describe('reservations', () => {
  const reserve = async (ids: PacketId[], seconds = 5, position = 100) => {
    const wanted = ids.map((id) => ({ id, position }));
    return (await reservePackets(source, acme, { wanted, seconds })).map(({ id }) => id);
  };

  it('are given once, with the packet as it is', async () => {
    const [a, b] = [log.create(open()), log.create(open())];
    await project();
    const [first] = await reservePackets(source, acme, { wanted: [{ id: a, position: 1 }], seconds: 5 });
    expect(first?.packet).toEqual(log.packet(a));
    expect(first?.position).toBe(1);
    expect(await reserve([a, b], 5, 1)).toEqual([b]);
    expect(await idsIn('*')).toEqual([b]);
  });

  it('end with their time, or when they are given back', async () => {
    const id = log.create(open());
    await project();
    expect(await reserve([id], 0)).toEqual([id]);
    expect(await reserve([id])).toEqual([id]);
    expect(await reserve([id])).toEqual([]);
    await giveBack(source, acme, [id]);
    expect(await reserve([id], 0)).toEqual([id]);
    await sweepReservations(source);
    expect(await source.query('select * from handoffrail.offer_reservations')).toEqual([]);
  });

  it('are void as soon as the packet has changed', async () => {
    const id = log.create(open());
    await project();
    expect(await reserve([id], 60, 1)).toEqual([id]);
    log.claim(id);
    log.record('packet.released', { id }, { claim_id: 'claim' });
    await project();
    expect(await idsIn('*')).toEqual([id]);
    expect(await reserve([id], 60, 3)).toEqual([id]);
  });

  it('are taken by one of many that try at once, without a deadlock', async () => {
    const ids = Array.from({ length: 40 }, () => log.create(open()));
    await project();
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, n) => reserve(n % 2 === 0 ? ids : [...ids].reverse(), 5, 1)),
    );
    expect(tries.flat().sort()).toEqual([...ids].sort());
  });
});

describe('what an agent holds', () => {
  it('is what the read models know and what they do not know yet, once each', async () => {
    const ids = Array.from({ length: 4 }, () => log.create(open()));
    log.claim(ids[0]!, 'bob');
    log.claim(ids[1]!, 'bob');
    log.complete(ids[1]!);
    log.claim(ids[2]!, 'alice');
    await project();
    const recent = [
      { id: ids[0]!, position: 1 },
      { id: ids[1]!, position: 2 },
      { id: ids[3]!, position: 4 },
    ];
    expect(await heldPackets(source, acme, { agent: 'bob', recent: [] })).toBe(1);
    expect(await heldPackets(source, acme, { agent: 'bob', recent })).toBe(2);
  });
});
