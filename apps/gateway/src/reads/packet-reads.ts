import {
  formatPosition,
  NoQuery,
  PacketListQuery,
  PacketQuery,
  PacketSearchQuery,
  PageQuery,
} from '#libs/contracts';
import { type Loaded, PacketLog } from '#libs/event-log';
import { type ExistingPacket, mergeAncestors, type PacketId, toDocument } from '#libs/packet';
import { listPacketsText, packetHistory, packetLineage, parseCursor, searchPackets } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, headerOf, principalOf } from '../http/call.js';
import { notFound, unavailable } from '../http/problem-error.js';
import { sendJson, sendText, tagPacket } from '../http/reply.js';
import { packetIdOf } from '../packets/command-meta.js';
import { Freshness } from './freshness.js';
import { badCursor, filterOf, formatCount, parseCount, queryOf } from './list-filter.js';
import { ReadDatabase } from './read-database.js';

/** No chain is longer: only a guard. */
const mostAncestors = 1_000;

const [opening, comma] = [Buffer.from('{"packets":['), Buffer.from(',')];

/** The documents come as bytes, and bytes they stay. */
const listAnswer = (packets: readonly Buffer[], counts: object): Buffer => {
  const items = packets.flatMap((packet, index) => (index === 0 ? [packet] : [comma, packet]));
  return Buffer.concat([opening, ...items, Buffer.from(`],${JSON.stringify(counts).slice(1)}`)]);
};

/** The routes that read packets: one from the log, many from the read models. */
@Injectable()
export class PacketReads {
  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(Freshness) private readonly freshness: Freshness,
  ) {}

  async get(request: ApiRequest, reply: ApiReply): Promise<void> {
    const { expand } = queryOf(PacketQuery, request);
    if (expand === undefined && (await this.#sendStored(request, reply))) return;
    const { packet, sequence } = await this.#load(request);
    const document = toDocument(packet, formatPosition(sequence));
    tagPacket(reply, document);
    if (expand !== undefined) return this.#sendExpanded(reply, packet, document);
    if (headerOf(request, 'if-none-match') === `"${document.revision}"`) return void reply.code(304).send();
    sendJson(reply, 200, document);
  }

  async list(request: ApiRequest, reply: ApiReply): Promise<void> {
    await this.#list(request, reply, queryOf(PacketListQuery, request));
  }

  /** Packets that wait for a person, oldest first. */
  async awaiting(request: ApiRequest, reply: ApiReply): Promise<void> {
    const query = queryOf(PageQuery, request);
    await this.#list(request, reply, { ...query, status: ['awaiting_human'], order: 'asc' });
  }

  async search(request: ApiRequest, reply: ApiReply): Promise<void> {
    const { q, limit = 50, cursor, offset = 0, ...filter } = queryOf(PacketSearchQuery, request);
    const from = cursor === undefined ? offset : parseCount(cursor);
    await this.freshness.await(request, reply);
    const { tenant_id } = principalOf(request);
    const page = await this.database.use((source) =>
      searchPackets(source, tenant_id, { q, limit, offset: from, filter: filterOf(filter) }),
    );
    const { next_offset, packets, ...counts } = page;
    sendJson(reply, 200, {
      packets: packets.map(({ packet, highlights }) => ({ ...packet, highlights })),
      ...counts,
      next_cursor: next_offset === null ? null : formatCount(next_offset),
    });
  }

  async history(request: ApiRequest, reply: ApiReply): Promise<void> {
    const { limit = 50, cursor } = queryOf(PageQuery, request);
    const after = parseCount(cursor);
    const { packet, sequence } = await this.#load(request);
    await this.freshness.await(request, reply, sequence);
    const { next_after, ...page } = await this.database.use((source) =>
      packetHistory(source, packet.tenant_id, { packet: packet.id, after, limit }),
    );
    sendJson(reply, 200, { ...page, next_cursor: next_after === null ? null : formatCount(next_after) });
  }

  async lineage(request: ApiRequest, reply: ApiReply): Promise<void> {
    queryOf(NoQuery, request);
    const { packet, sequence } = await this.#load(request);
    await this.freshness.await(request, reply, sequence);
    const lineage = await this.database.use((source) => packetLineage(source, packet.tenant_id, packet.id));
    if (lineage === null) throw unavailable('The read models do not have this packet yet: try again.');
    sendJson(reply, 200, lineage);
  }

  async #list(request: ApiRequest, reply: ApiReply, query: PacketListQuery): Promise<void> {
    const { sort = 'created_at', order = 'desc', limit = 50, offset = 0, cursor } = query;
    const from = cursor === undefined ? undefined : parseCursor(cursor, sort, order);
    if (from === null) throw badCursor();
    await this.freshness.await(request, reply);
    const page = { sort, order, limit, offset, ...(from && { cursor: from }) };
    const { packets, ...counts } = await this.database.use((source) =>
      listPacketsText(source, principalOf(request).tenant_id, { filter: filterOf(query), page }),
    );
    sendText(reply, listAnswer(packets, counts));
  }

  // A packet that was not used lately costs the log a whole block to read. Its row is as good, if the read
  // models hold all of the log, or if nothing has come for this packet since.
  async #sendStored(request: ApiRequest, reply: ApiReply): Promise<boolean> {
    const [tenant, id] = [principalOf(request).tenant_id, packetIdOf(request)];
    if (this.log.cached(tenant, id) !== undefined) return false;
    const [newest, stored] = await Promise.all([
      this.log.lastSequence(),
      this.database.document(tenant, id).catch(() => undefined),
    ]);
    if (stored === undefined) return false;
    const { text, revision, checkpoint } = stored;
    if (checkpoint < newest && (await this.log.revision(tenant, id)) !== revision) return false;
    const tag = `"${revision}"`;
    void reply.header('etag', tag);
    if (headerOf(request, 'if-none-match') === tag) void reply.code(304).send();
    else sendText(reply, text);
    return true;
  }

  async #load(request: ApiRequest): Promise<Loaded & { packet: ExistingPacket }> {
    const id = packetIdOf(request);
    const { packet, sequence } = await this.log.load(principalOf(request).tenant_id, id);
    if (packet.status === 'absent') throw notFound('packet');
    return { packet, sequence };
  }

  async #sendExpanded(reply: ApiReply, packet: ExistingPacket, document: object): Promise<void> {
    const chain = [packet];
    let parent: PacketId | null = packet.terms.parent_packet_id;
    while (parent !== null && chain.length < mostAncestors) {
      const { packet: ancestor } = await this.log.load(packet.tenant_id, parent);
      if (ancestor.status === 'absent') break;
      chain.unshift(ancestor);
      parent = ancestor.terms.parent_packet_id;
    }
    const merged = mergeAncestors(chain);
    sendJson(reply, 200, {
      ...document,
      ancestors: { packet_ids: chain.slice(0, -1).map(({ id }) => id), ...merged },
    });
  }
}
