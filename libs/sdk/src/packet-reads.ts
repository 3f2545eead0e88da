import type { Caller, RequestOptions } from './caller.js';
import { idOf, type PacketRef } from './claims.js';
import type { Operations } from './generated/operations.js';
import type {
  ApprovalDocument,
  ApprovalListDocument,
  FoundPacketDocument,
  HistoryDocument,
  HistoryEventDocument,
  InboxApprovalDocument,
  LineageDocument,
  PacketDocument,
  PacketListDocument,
  PacketSearchDocument,
  StatsDocument,
} from './generated/wire.js';
import type { Listing } from './listing.js';
import { asWire, type Given } from './spelling.js';

/** Which packets to list; whatever is left out does not narrow the list. */
export type PacketFilter = Operations['packets_list']['query'];
/** Which packets to search in. */
export type SearchFilter = Omit<Operations['packets_search']['query'], 'q'>;
/** Which approvals to list: open ones when no state is given. */
export type ApprovalFilter = Operations['approvals_list']['query'];

/** Where a list begins, and how many entries are fetched at once (1–200). */
export interface PageOptions {
  /** Entries of one request, 1–200. */
  limit?: number | null | undefined;
  /** `next_cursor` of the page before; the first page when left out. */
  cursor?: string | null | undefined;
}

/** What can be asked about packets. Lists see what this client has written. */
export class PacketReads {
  /** @internal */
  constructor(
    /** @internal */
    protected readonly caller: Caller,
  ) {}

  /**
   * One packet, as it is now. `expand: 'ancestors'` adds the merged context of its chain.
   *
   * @example
   * ```ts
   * const { status, result } = await rail.getPacket(id);
   * ```
   */
  getPacket(
    packet: PacketRef,
    query: Operations['packets_get']['query'] = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.caller.call('packets_get', { params: { id: idOf(packet) }, query }, options);
  }

  /**
   * Packets by a filter, newest first when no order is given.
   *
   * @example
   * ```ts
   * for await (const packet of rail.listPackets({ status: ['created', 'claimed'], targetAgent: 'billing-01' }))
   *   console.log(packet.id, packet.context.summary);
   * ```
   */
  listPackets(
    filter: Given<PacketFilter> = {},
    options?: RequestOptions,
  ): Listing<PacketListDocument, PacketDocument> {
    const query = asWire<PacketFilter>(filter);
    return this.caller.list('packets_list', { query, items: ({ packets }) => packets }, options);
  }

  /**
   * Packets in which the words stand, best first: quotes, minus and `or` as in a web search.
   *
   * @example
   * ```ts
   * const { packets } = await rail.searchPackets('"double payment" -closed', { priority: 'high' });
   * ```
   */
  searchPackets(
    q: string,
    filter: Given<SearchFilter> = {},
    options?: RequestOptions,
  ): Listing<PacketSearchDocument, FoundPacketDocument> {
    const query = { ...asWire<SearchFilter>(filter), q };
    return this.caller.list('packets_search', { query, items: ({ packets }) => packets }, options);
  }

  /**
   * Packets that wait for a person, oldest first.
   *
   * @example
   * ```ts
   * for await (const packet of rail.listAwaitingHuman()) console.log(packet.id, packet.hitl?.['question']);
   * ```
   */
  listAwaitingHuman(
    page: PageOptions = {},
    options?: RequestOptions,
  ): Listing<PacketListDocument, PacketDocument> {
    return this.caller.list('packets_awaiting', { query: page, items: ({ packets }) => packets }, options);
  }

  /**
   * What happened to a packet, oldest first.
   *
   * @example
   * ```ts
   * for await (const event of rail.getPacketHistory(id)) console.log(event.timestamp, event.event_type);
   * ```
   */
  getPacketHistory(
    packet: PacketRef,
    page: PageOptions = {},
    options?: RequestOptions,
  ): Listing<HistoryDocument, HistoryEventDocument> {
    const params = { id: idOf(packet) };
    return this.caller.list(
      'packets_history',
      { params, query: page, items: ({ events }) => events },
      options,
    );
  }

  /**
   * The whole chain that a packet belongs to, as a tree.
   *
   * @example
   * ```ts
   * const { root, descendants } = await rail.getLineage(id);
   * ```
   */
  getLineage(packet: PacketRef, options?: RequestOptions): Promise<LineageDocument> {
    return this.caller.call('packets_lineage', { params: { id: idOf(packet) } }, options);
  }

  /**
   * How many packets there are in each status, what waits and how long things take.
   *
   * @example
   * ```ts
   * console.log((await rail.getStats()).by_status);
   * ```
   */
  getStats(options?: RequestOptions): Promise<StatsDocument> {
    return this.caller.call('system_stats', {}, options);
  }

  /**
   * What people are asked, or were: those in every state when none is given. The one that is due first comes
   * first; with `state: ['open']` it is an inbox.
   *
   * @example
   * ```ts
   * for await (const approval of rail.listApprovals({ state: ['open'], approver: 'manager@company.com' }))
   *   console.log(approval.id, approval.question);
   * ```
   */
  listApprovals(
    filter: Given<ApprovalFilter> = {},
    options?: RequestOptions,
  ): Listing<ApprovalListDocument, InboxApprovalDocument> {
    const query = asWire<ApprovalFilter>(filter);
    return this.caller.list('approvals_list', { query, items: ({ approvals }) => approvals }, options);
  }

  /**
   * One approval with its votes.
   *
   * @example
   * ```ts
   * const { state } = await rail.getApproval(approvalId);
   * ```
   */
  getApproval(id: string, options?: RequestOptions): Promise<ApprovalDocument> {
    return this.caller.call('approvals_get', { params: { id } }, options);
  }
}
