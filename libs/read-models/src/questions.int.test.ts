import type { PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from './database.features.js';
import {
  applyBatch,
  backlogOfAll,
  listPackets,
  listPacketsText,
  packetHistory,
  packetLineage,
  packetsMadeSince,
  searchPackets,
  stats,
} from './index.js';
import { acme, idOf, RecordedLog, startMs, umbrella } from './recorded.features.js';

describe('the questions', () => {
  const log = new RecordedLog();
  let database: FreshDatabase;
  let source: DataSource;
  let root: PacketId;
  let child: PacketId;
  let grandchild: PacketId;

  beforeAll(async () => {
    database = await freshDatabase();
    source = database.dataSource;
    root = log.create({
      context: { summary: 'Migrating the <billing> zebra database' },
      metadata: { tags: ['giraffe'] },
    });
    child = log.create({ context: { summary: 'Zebra: first part' } }, acme, { id: root, root, depth: 1 });
    const second = log.create({}, acme, { id: root, root, depth: 1 });
    grandchild = log.create({}, acme, { id: child, root, depth: 2 });
    log.claim(root);
    log.record('packet.chained', { id: root }, { child_packet_id: child });
    log.complete(root);
    log.claim(second);
    log.record(
      'packet.updated',
      { id: child },
      {
        patch: { context: { append_conversation: [{ role: 'user', content: 'An okapi came along' }] } },
      },
    );
    log.create({ context: { summary: 'The zebra of another company' } }, umbrella);
    await applyBatch(source, log.events);
  });
  afterAll(() => database.stop());

  const found = async (q: string, tenant: TenantId = acme) => {
    const { packets } = await searchPackets(source, tenant, { q });
    return packets.map(({ packet }) => packet.id).sort();
  };

  describe('search', () => {
    it('finds words by their stem, in every part of the text', async () => {
      expect(await found('zebras')).toEqual([root, child].sort());
      expect(await found('migrate')).toEqual([root]);
      expect(await found('giraffe')).toEqual([root]);
      expect(await found('okapi')).toEqual([child]);
    });

    it('takes quotes, minus and or', async () => {
      expect(await found('"zebra database"')).toEqual([root]);
      expect(await found('zebra -database')).toEqual([child]);
      expect(await found('giraffe or okapi')).toEqual([root, child].sort());
    });

    it('finds nothing, safely, for anything else', async () => {
      for (const q of ['the', '""', "';--", '& | ! ( ) :* <->', '\\', '%', '-', 'unheard-of', '\u0001 x']) {
        expect(await found(q), q).toEqual([]);
      }
    });

    it('puts what stands in the title first and marks the words', async () => {
      log.create({ context: { conversation_state: [{ role: 'user', content: 'By the way, a zebra' }] } });
      await applyBatch(source, log.events);
      const { packets, total, total_capped } = await searchPackets(source, acme, { q: 'zebra' });
      expect(packets.at(-1)?.packet.id).toBe(log.events.at(-1)?.event.packet_id);
      expect({ total, total_capped }).toEqual({ total: 3, total_capped: false });
      const [first] = packets.filter(({ packet }) => packet.id === root);
      expect(first?.highlights.join()).toContain('&lt;billing&gt; <mark>zebra</mark> database');
    });

    it('keeps to a filter and pages', async () => {
      const { packets } = await searchPackets(source, acme, {
        q: 'zebra',
        filter: { status: ['completed'] },
      });
      expect(packets.map(({ packet }) => packet.id)).toEqual([root]);
      const page = await searchPackets(source, acme, { q: 'zebra', limit: 2 });
      expect(page.next_offset).toBe(2);
      const rest = await searchPackets(source, acme, { q: 'zebra', limit: 2, offset: 2 });
      expect([rest.packets.length, rest.next_offset, rest.total]).toEqual([1, null, 3]);
    });

    it('forgets words that an update took away', async () => {
      const id = log.create({ context: { summary: 'A pelican' } });
      log.record('packet.updated', { id }, { patch: { context: { summary: 'A heron' } } });
      await applyBatch(source, log.events);
      expect([await found('pelican'), await found('heron')]).toEqual([[], [id]]);
    });
  });

  it('tells a history page by page', async () => {
    const first = await packetHistory(source, acme, { packet: root, limit: 2 });
    const rest = await packetHistory(source, acme, { packet: root, after: first.next_after ?? 0 });
    const types = [...first.events, ...rest.events].map(({ event_type, revision }) => [revision, event_type]);
    expect(types).toEqual([
      [1, 'packet.created'],
      [2, 'packet.claimed'],
      [3, 'packet.chained'],
      [4, 'packet.completed'],
    ]);
    expect(rest.next_after).toBeNull();
    expect(rest.events.at(-1)).toMatchObject({
      packet_id: root,
      details: { result: { done: true } },
      actor: { type: 'agent', id: 'sales-01', key_id: 'key-1' },
      trace_id: (7).toString(16).padStart(32, '0'),
      timestamp: new Date(startMs + 60).toISOString(),
    });
    expect(first.events[0]?.details).not.toHaveProperty('content');
  });

  it('draws a chain from each of its packets', async () => {
    const lineage = await packetLineage(source, acme, child);
    expect(lineage).toMatchObject({ packet_id: child, root_id: root, truncated: false });
    expect(lineage?.ancestors.map(({ id }) => id)).toEqual([root]);
    expect(lineage?.descendants.map(({ id }) => id)).toEqual([grandchild]);
    expect(lineage?.root).toMatchObject({ id: root, status: 'completed', parent_packet_id: null, depth: 0 });
    expect(lineage?.root.children.map(({ id }) => id)).toEqual([child, idOf(3)]);
    const single = await packetLineage(source, acme, grandchild);
    expect(single?.ancestors.map(({ id }) => id)).toEqual([root, child]);
  });

  it('counts by status and measures the last day', async () => {
    const counts = await stats(source, acme, new Date(startMs + 60_000));
    expect(counts.by_status).toMatchObject({ claimed: 1, completed: 1, failed: 0 });
    expect(counts.total).toBe(Object.values(counts.by_status).reduce((sum, n) => sum + n, 0));
    expect(counts.last_24h).toMatchObject({ claimed: 2, completed: 1 });
    expect(counts.time_to_complete).toMatchObject({ count: 1, mean_ms: 60 });
    expect(counts.time_to_complete?.p95_ms).toBeGreaterThanOrEqual(60);
    expect(counts.time_to_complete?.p95_ms).toBeLessThanOrEqual(66);
    const later = await stats(source, acme, new Date(startMs + 48 * 3_600_000));
    expect(later.last_24h.created).toBe(0);
    expect(later.time_to_claim).toBeNull();
    expect(later.by_status).toEqual(counts.by_status);
  });

  it('counts what was made since the beginning of an hour', async () => {
    const hour = new Date(Math.floor(startMs / 3_600_000) * 3_600_000);
    const { last_24h } = await stats(source, acme, new Date(startMs + 60_000));
    expect(last_24h.created).toBeGreaterThan(1);
    expect(await packetsMadeSince(source, acme, hour)).toBe(last_24h.created);
    expect(await packetsMadeSince(source, acme, new Date(hour.getTime() + 48 * 3_600_000))).toBe(0);
    expect(await packetsMadeSince(source, umbrella, hour)).toBe(1);
    expect(await packetsMadeSince(source, 'nobody' as TenantId, hour)).toBe(0);
  });

  it('tells what waits and what is late', async () => {
    const other = 'initech' as TenantId;
    const deadline = new Date(startMs + 1_000).toISOString();
    const late = log.create({ metadata: { priority: 'low', deadline } }, other);
    log.create({ metadata: { priority: 'critical' } }, other);
    const dead = log.create({}, other);
    log.claim(dead, 'billing-01', other);
    log.record(
      'packet.claim_expired',
      { id: dead, tenant: other },
      { claim_id: 'c', attempt: 1, dead_letter: true },
    );
    await applyBatch(source, log.events);
    const { created_at } = log.packet(late, other);
    const now = new Date(Date.parse(created_at) + 90_000);
    const told = await stats(source, other, now);
    expect(told).toMatchObject({
      ...{ overdue: 1, overdue_capped: false, oldest_waiting_seconds: 90, dead_letters: 1 },
      waiting: { low: 1, normal: 0, high: 0, critical: 1 },
    });
    expect(told.last_24h).toMatchObject({ attempts: 1, claims_lost: 1, retried: 0 });
    const mine = await stats(source, acme, now);
    const all = await backlogOfAll(source, now);
    expect(all.dead_letters).toBe(1 + mine.dead_letters);
    expect(all.waiting.low).toBe(1 + mine.waiting.low);
    expect(all.waiting.high).toBe(mine.waiting.high + (await stats(source, umbrella, now)).waiting.high);
    expect(all.overdue).toBe(1 + mine.overdue);
    expect(all.oldest_waiting_seconds).toBe(mine.oldest_waiting_seconds);
  });

  it('says that nothing waits where nothing does', async () => {
    expect(await stats(source, 'nobody' as TenantId)).toMatchObject({
      ...{ overdue: 0, oldest_waiting_seconds: null, dead_letters: 0 },
      waiting: { low: 0, normal: 0, high: 0, critical: 0 },
    });
  });

  it('shows a tenant nothing of another', async () => {
    const nobody = 'nobody' as TenantId;
    for (const stranger of [nobody, umbrella]) {
      const list = await listPackets(source, stranger, { filter: { root_id: root } });
      const text = await listPacketsText(source, stranger, { filter: { tags: ['giraffe'] } });
      const searched = await searchPackets(source, stranger, { q: 'okapi or giraffe or migrating' });
      const history = await packetHistory(source, stranger, { packet: root });
      expect([list.packets, list.total, text.packets, text.total]).toEqual([[], 0, [], 0]);
      expect([searched.packets, searched.total, history.events]).toEqual([[], 0, []]);
      expect(await packetLineage(source, stranger, root)).toBeNull();
    }
    expect((await stats(source, nobody)).total).toBe(0);
    expect((await stats(source, umbrella)).total).toBe(1);
    expect(await found('zebra', umbrella)).toHaveLength(1);
  });
});
