export { parseApprovalCursor } from './approvals/cursor.js';
export type { ApprovalCursor } from './approvals/cursor.js';
export { endedApprovals, isDecided } from './approvals/project.js';
export { approvalById, listApprovals } from './approvals/queries.js';
export type {
  ApprovalFilter,
  InboxEntry,
  InboxPage,
  InboxRequest,
  StoredApproval,
} from './approvals/queries.js';
export { checkpoint } from './checkpoint/queries.js';
export { isDatabaseDown } from './database-down.js';
export { createDataSource, liveSchema } from './data-source.js';
export type { DataSourceOptions } from './data-source.js';
export type { LogRange } from './following.js';
export { packetHistory } from './history/queries.js';
export type { HistoryPage } from './history/queries.js';
export { packetLineage } from './lineage/queries.js';
export type { Change, LoggedEvent } from './logged-event.js';
export { migrate } from './migrate.js';
export { heldPackets, nextOffer, poolsByCapability } from './offers/queries.js';
export { giveBack, reservePackets, sweepReservations } from './offers/reserve.js';
export type { PacketAt, ReservedPacket } from './offers/reserve.js';
export { sourcesPerLevel, waitingPackets, walkInOrder } from './offers/waiting.js';
export type { Lane, WaitingPacket } from './offers/waiting.js';
export type { PassedOver } from './one-by-one.js';
export { packetSorts, parseCursor } from './packets/cursor.js';
export type { PacketCursor, PacketSort, SortOrder } from './packets/cursor.js';
export type { PacketFilter } from './packets/filter.js';
export { listPackets, listPacketsText, matchPackets } from './packets/queries.js';
export type { ListRequest, PacketPage, PacketPageText } from './packets/queries.js';
export { usesSchema } from './packets/uses-schema.js';
export { StoredDocuments } from './packets/stored-documents.js';
export type { StoredDocument } from './packets/stored-documents.js';
export { applyBatch, Projection } from './projection.js';
export type { Applied } from './projection.js';
export type { ReadModel, Statement } from './read-model.js';
export { readModels } from './read-models.js';
export { queryPrepared } from './prepared.js';
export type { Sql } from './prepared.js';
export type { OnProgress, Progress } from './rebuild/progress.js';
export { rebuild } from './rebuild/rebuild.js';
export type { Rebuilt, RebuildOptions } from './rebuild/rebuild.js';
export { verify } from './rebuild/verify.js';
export type { Verification } from './rebuild/verify.js';
export type { RowDifference, TableComparison } from './rebuild/compare.js';
export { DatabaseAway, ReadSource } from './read-source.js';
export { refreshStatistics } from './refresh-statistics.js';
export { replay } from './replay.js';
export type { LogPage, LogSource, ReplayOptions } from './replay.js';
export { agentLoads, unroutedPackets, unroutedTenants } from './routing/queries.js';
export type { AgentLoad, UnroutedPacket, UnroutedPage } from './routing/queries.js';
export { searchPackets } from './search/queries.js';
export type { FoundPacket, SearchPage, SearchRequest } from './search/queries.js';
export { backlogOfAll } from './stats/backlog.js';
export type { Backlog } from './stats/backlog.js';
export { packetsMadeSince, stats } from './stats/queries.js';
export type { Durations, Stats } from './stats/queries.js';
export { tableSizes } from './table-sizes.js';
export type { DatabaseSize, TableSize } from './table-sizes.js';
