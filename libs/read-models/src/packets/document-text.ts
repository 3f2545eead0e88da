import { formatPosition } from '#libs/contracts';
import { toDocument } from '#libs/packet';
import type { PacketId, TenantId } from '#libs/packet';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import { joinPacket, type PacketBody, type PacketHead } from './stored-packet.js';

/** Which packet, as it stood at which event of the log. */
export interface PacketVersion {
  id: PacketId;
  position: string;
}

/** A row as it is stored: what a document is made from. */
export interface DocumentRow extends PacketVersion {
  head: string;
  body: string;
}

/** Bytes of documents that are kept, per process and database. */
const cacheSize = 16 * 1024 * 1024;
const caches = new WeakMap<DataSource, LRUCache<string, Buffer>>();

const cacheOf = (dataSource: DataSource): LRUCache<string, Buffer> => {
  const known = caches.get(dataSource);
  if (known !== undefined) return known;
  const cache = new LRUCache<string, Buffer>({ maxSize: cacheSize, sizeCalculation: ({ length }) => length });
  caches.set(dataSource, cache);
  return cache;
};

const empty: PacketBody = {
  context: { summary: '', conversation_state: [], artifacts: [], custom: {} },
  decisions: [],
  actions: { pending: [], completed: [], failed: [] },
  dependencies: [],
};

/** The body, nearly all of a document, is copied as it was stored, neither parsed nor printed. */
export const documentText = ({ position, head, body }: DocumentRow): string => {
  const packet = joinPacket(JSON.parse(head) as PacketHead, empty);
  const document = toDocument(packet, formatPosition(Number(position)));
  const { context, decisions, actions, dependencies, ...rest } = document;
  return `${JSON.stringify(rest).slice(0, -1)},${body.slice(1)}`;
};

const read = (dataSource: DataSource, tenant: TenantId, ids: readonly PacketId[]): Promise<DocumentRow[]> =>
  queryPrepared<DocumentRow>(dataSource, {
    text: `select id, position, head::text as head, body::text as body
      from ${schemaOf(dataSource)}.packets where tenant_id = $1 and id = any ($2::uuid[])`,
    values: [tenant, ids],
  });

/**
 * The packets' documents as JSON in UTF-8, in order. A version of a packet never changes, so what was shown
 * before is shown again without asking Postgres; one that has moved on meanwhile is shown as it is now.
 */
export const documentTexts = async (
  dataSource: DataSource,
  tenant: TenantId,
  wanted: readonly PacketVersion[],
): Promise<Buffer[]> => {
  const cache = cacheOf(dataSource);
  const keyOf = ({ id, position }: PacketVersion) => `${tenant} ${id} ${position}`;
  const texts = new Map<PacketId, Buffer>();
  const missing: PacketId[] = [];
  for (const version of wanted) {
    const text = cache.get(keyOf(version));
    if (text === undefined) missing.push(version.id);
    else texts.set(version.id, text);
  }
  for (const row of missing.length === 0 ? [] : await read(dataSource, tenant, missing)) {
    const text = Buffer.from(documentText(row));
    cache.set(keyOf(row), text);
    texts.set(row.id, text);
  }
  return wanted.flatMap(({ id }) => texts.get(id) ?? []);
};
