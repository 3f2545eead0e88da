import {
  toDocument,
  type ExistingPacket,
  type Instant,
  type PacketId,
  type PacketStatus,
} from '#libs/packet';
import { formatPosition } from '#libs/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import {
  applyBatch,
  listPackets,
  listPacketsText,
  packetSorts,
  parseCursor,
  type ListRequest,
  type PacketFilter,
  type PacketSort,
} from '../index.js';
import { acme, RecordedLog, startMs, umbrella } from '../recorded.features.js';
import { isDeadLetter } from './project.js';

const deadline = (serial: number) => new Date(startMs + serial * 3_600_000 - 40 * 3_600_000).toISOString();

const approval = {
  required: true,
  reason: 'Needs a signature',
};

/** Packets of every kind, some created in the same millisecond. */
const fill = (log: RecordedLog): PacketId[] => {
  const ids: PacketId[] = [];
  for (let serial = 0; serial < 120; serial += 1) {
    const now = log.nowMs;
    const id = log.create({
      metadata: {
        source_agent: { id: `source-${serial % 3}`, name: 'S' },
        target_agent: { id: `target-${serial % 4}`, name: 'T' },
        priority: (serial % 10) + 1,
        tags: ['all', `mod5-${serial % 5}`, ...(serial % 7 === 0 ? ['seven'] : [])],
        ...(serial % 3 === 0 ? { deadline: deadline(serial) } : {}),
      },
      retry: { max_attempts: 1 },
      ...(serial % 11 === 0 ? { hitl: approval } : {}),
    });
    if (serial % 5 === 0) log.nowMs = now;
    ids.push(id);
    if (serial % 2 === 0 && serial % 11 !== 0) log.claim(id, `target-${serial % 4}`);
    if (serial % 8 === 0 && serial % 11 !== 0) log.complete(id);
    if (serial % 8 === 2 && serial % 11 !== 0) {
      log.record('packet.claim_expired', { id }, { claim_id: 'c', attempt: 1, dead_letter: true });
    }
  }
  const [root, other] = [ids[0]!, ids[1]!];
  const child = log.create({}, acme, { id: root, root, depth: 1 });
  const grandchild = log.create({}, acme, { id: child, root, depth: 2 });
  log.create({}, umbrella, { id: other, root: other, depth: 1 });
  return [...ids, child, grandchild];
};

const live: PacketStatus[] = ['created', 'claimed', 'in_progress', 'awaiting_human'];

const checks: {
  [K in keyof PacketFilter]-?: (packet: ExistingPacket, value: NonNullable<PacketFilter[K]>) => boolean;
} = {
  status: (packet, wanted) => wanted.includes(packet.status),
  source_agent: (packet, id) => packet.content.metadata.source_agent.id === id,
  target_agent: (packet, id) => packet.content.metadata.target_agent?.id === id,
  claimed_by: (packet, id) => 'claim' in packet && packet.claim?.agent.id === id,
  tags: (packet, tags) => tags.every((tag) => packet.content.metadata.tags.includes(tag)),
  priority_levels: ({ content }, [from, to]) =>
    content.metadata.priority_level >= from && content.metadata.priority_level <= to,
  created_after: (packet, at) => packet.created_at > at,
  created_before: (packet, at) => packet.created_at < at,
  hitl_required: (packet, wanted) => (packet.approval !== undefined) === wanted,
  dead_letter: (packet, wanted) => isDeadLetter(packet) === wanted,
  // The test's packets live in the past of the database's clock: a deadline is over.
  overdue: (packet, wanted) =>
    (live.includes(packet.status) && packet.content.metadata.deadline !== undefined) === wanted,
  parent_packet_id: (packet, id) => packet.terms.parent_packet_id === id,
  root_id: (packet, id) => packet.chain.root_id === id,
};

const matches = (packet: ExistingPacket, filter: PacketFilter): boolean =>
  (Object.keys(filter) as (keyof PacketFilter)[]).every((key) =>
    (checks[key] as (packet: ExistingPacket, value: unknown) => boolean)(packet, filter[key]),
  );

const sortKeys: Record<PacketSort, (packet: ExistingPacket) => (string | number)[]> = {
  created_at: (packet) => [packet.created_at, packet.id],
  updated_at: (packet) => [packet.updated_at, packet.id],
  priority: ({ content, ...packet }) => [content.metadata.priority_level, packet.created_at, packet.id],
  deadline: ({ content, ...packet }) => [content.metadata.deadline ?? '', packet.created_at, packet.id],
};

const compare = (a: (string | number)[], b: (string | number)[]): number => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : a[at]! < b[at]! ? -1 : 1;
};

const hasDeadline = (packet: ExistingPacket) => packet.content.metadata.deadline !== undefined;

const sorted = (packets: ExistingPacket[], sort: PacketSort, order: 'asc' | 'desc'): ExistingPacket[] =>
  [...packets].sort((a, b) => {
    if (sort === 'deadline' && hasDeadline(a) !== hasDeadline(b)) return hasDeadline(a) ? -1 : 1;
    return compare(sortKeys[sort](a), sortKeys[sort](b)) * (order === 'asc' ? 1 : -1);
  });

describe('the list of packets', () => {
  const log = new RecordedLog();
  let database: FreshDatabase;
  let source: DataSource;
  let all: ExistingPacket[];
  let ids: PacketId[];

  const expected = (filter: PacketFilter, sort: PacketSort = 'created_at', order: 'asc' | 'desc' = 'desc') =>
    sorted(
      all.filter((packet) => matches(packet, filter)),
      sort,
      order,
    ).map(({ id }) => id);

  const pages = async (filter: PacketFilter, request: ListRequest = {}): Promise<string[][]> => {
    const { sort = 'created_at', order = 'desc' } = request;
    const found: string[][] = [];
    let page: ListRequest = request;
    for (;;) {
      const { packets, next_cursor } = await listPackets(source, acme, { filter, page });
      found.push(packets.map(({ id }) => id));
      if (next_cursor === null) return found;
      const cursor = parseCursor(next_cursor, sort, order);
      expect(cursor).not.toBeNull();
      page = { ...request, cursor: cursor! };
    }
  };

  beforeAll(async () => {
    database = await freshDatabase();
    source = database.dataSource;
    ids = fill(log);
    all = ids.map((id) => log.packet(id));
    await applyBatch(source, log.events);
  });
  afterAll(() => database.stop());

  const filters = (): [string, PacketFilter][] => [
    ['nothing', {}],
    ['one status', { status: ['created'] }],
    ['several statuses', { status: ['claimed', 'completed', 'awaiting_human'] }],
    ['no status', { status: [] }],
    ['a target and a status', { target_agent: 'target-1', status: ['created'] }],
    ['a source', { source_agent: 'source-2' }],
    ['a claimant', { claimed_by: 'target-2' }],
    ['one tag', { tags: ['mod5-3'] }],
    ['two tags', { tags: ['seven', 'mod5-0'] }],
    ['a tag and a status', { tags: ['all'], status: ['completed'] }],
    ['a priority band', { priority_levels: [7, 8] }],
    [
      'a time',
      { created_after: log.packet(ids[20]!).created_at, created_before: log.packet(ids[60]!).created_at },
    ],
    ['a checkpoint', { hitl_required: true }],
    ['no checkpoint', { hitl_required: false, target_agent: 'target-0' }],
    ['dead letters', { dead_letter: true }],
    ['no dead letters', { dead_letter: false, status: ['failed'] }],
    ['overdue', { overdue: true }],
    ['not overdue', { overdue: false }],
    ['a parent', { parent_packet_id: ids[0]! }],
    ['a root', { root_id: ids[0]! }],
    ['a tag and a root', { tags: ['upgrade'], root_id: ids[0]! }],
  ];

  it('finds what a filter matches, in every order, page by page', async () => {
    for (const [name, filter] of filters()) {
      for (const sort of packetSorts) {
        for (const order of ['asc', 'desc'] as const) {
          const found = await pages(filter, { sort, order, limit: 7 });
          expect(found.flat(), `${name}, ${sort} ${order}`).toEqual(expected(filter, sort, order));
          expect(found.slice(0, -1).every((page) => page.length === 7)).toBe(true);
        }
      }
    }
  });

  it('counts what a filter matches', async () => {
    for (const [name, filter] of filters()) {
      const { total, total_capped } = await listPackets(source, acme, { filter, page: { limit: 1 } });
      expect([total, total_capped], name).toEqual([expected(filter).length, false]);
    }
  });

  it('skips an offset', async () => {
    const wanted = expected({ status: ['created'] });
    const { packets, offset, limit } = await listPackets(source, acme, {
      filter: { status: ['created'] },
      page: { offset: 5, limit: 10 },
    });
    expect(packets.map(({ id }) => id)).toEqual(wanted.slice(5, 15));
    expect({ offset, limit }).toEqual({ offset: 5, limit: 10 });
  });

  it('gives the documents of the domain, as objects and as bytes', async () => {
    const { packets } = await listPackets(source, acme, { page: { limit: 200 } });
    const text = await listPacketsText(source, acme, { page: { limit: 200 } });
    const documents = packets.map(({ id }) => {
      const last = log.events.findLast(({ event }) => event.packet_id === id && event.tenant_id === acme);
      return toDocument(log.packet(id), formatPosition(last!.sequence));
    });
    expect(packets).toEqual(JSON.parse(JSON.stringify(documents)));
    expect(text.packets.map((packet) => JSON.parse(packet.toString()))).toEqual(packets);
  });

  it('goes on behind its cursor while packets come in', async () => {
    const first = await listPackets(source, acme, { page: { limit: 50 } });
    const id = log.create();
    await applyBatch(source, log.events);
    const cursor = parseCursor(first.next_cursor!, 'created_at', 'desc')!;
    const second = await listPackets(source, acme, { page: { limit: 200, cursor } });
    const seen = [...first.packets, ...second.packets].map((packet) => packet.id);
    expect(seen).toEqual(expected({}));
    expect(seen).not.toContain(id);
    expect(second.total).toBe(all.length + 1);
    all.push(log.packet(id));
  });

  it('takes no cursor of another list', () => {
    const text = Buffer.from(JSON.stringify(['created_at', 'desc', 'x', 'y', 'z'])).toString('base64url');
    expect(parseCursor(text, 'created_at', 'desc')).toBeNull();
    expect(parseCursor('???', 'created_at', 'desc')).toBeNull();
    const valid = [
      'created_at',
      'desc',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z' as Instant,
      ids[0],
    ];
    const good = Buffer.from(JSON.stringify(valid)).toString('base64url');
    expect(parseCursor(good, 'created_at', 'desc')).not.toBeNull();
    expect(parseCursor(good, 'created_at', 'asc')).toBeNull();
    expect(parseCursor(good, 'updated_at', 'desc')).toBeNull();
  });
});
