import { type Instant, instantAt, type JsonObject, type PacketId, type TenantId } from '#libs/packet';
import { queryPrepared, type Sql } from '#libs/read-models';
import { type AuditPlace, formatAuditCursor } from './cursor.js';
import type { AuditDatabase } from './database.js';
import type { AuditActor, AuditReason } from './message.js';
import { type AuditFilter, type ScanRequest, scansFor } from './scan.js';

/** What happened: a change, or an attempt that was refused. */
export interface AuditEntry {
  id: string;
  timestamp: Instant;
  /** The type of a packet's event, or the operation of the API. */
  action: string;
  result: 'allowed' | 'denied';
  /** `unknown`: it may have been made or not, since nobody lived to tell. */
  outcome: 'done' | 'refused' | 'unknown';
  actor: AuditActor & { agent_id?: string; responded_by?: string };
  resource: string;
  packet_id: PacketId | null;
  reason: AuditReason | null;
  details: JsonObject;
  trace_id: string;
  request_id: string | null;
  /** Refused attempts before this one that were too many to be kept. */
  dropped: number;
}

export interface AuditRequest {
  filter: AuditFilter;
  limit: number;
  /** Where the page before has ended. */
  from?: AuditPlace | undefined;
  /** Most rows to look at in each source. Default 5,000. */
  scan?: number;
}

/**
 * Newest first. A page may be short of entries, or without any, though there are more: it ends where it has looked
 * at enough rows.
 */
export interface AuditPage {
  entries: AuditEntry[];
  /** Null at the end. */
  next_cursor: string | null;
}

interface Row {
  id: string | null;
  at: Date;
  action: string;
  result: 'allowed' | 'denied';
  ending: 'done' | 'refused' | null;
  actor: AuditEntry['actor'];
  resource: string;
  packet_id: PacketId | null;
  reason: AuditReason | null;
  details: JsonObject;
  trace_id: string;
  request_id: string | null;
  dropped: number | null;
  looked_at: number;
  floor_at: Date | null;
  floor_id: string | null;
}

const defaultScan = 5_000;

const placeAt = (at: Date, id: string): AuditPlace => ({ at: instantAt(at.getTime()), id });

const toEntry = (row: Row & { id: string }): AuditEntry => ({
  id: row.id,
  timestamp: instantAt(row.at.getTime()),
  action: row.action,
  result: row.result,
  outcome: row.ending ?? 'unknown',
  actor: row.actor,
  resource: row.resource,
  packet_id: row.packet_id,
  reason: row.reason,
  details: row.details,
  trace_id: row.trace_id,
  request_id: row.request_id,
  dropped: row.dropped ?? 0,
});

const placeOf = ({ timestamp, id }: AuditEntry): AuditPlace => ({ at: timestamp, id });

/** Positive when `a` comes after `b` in the order of the audit. */
const compare = (a: AuditPlace, b: AuditPlace): number => {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return Number(a.id < b.id) - Number(a.id > b.id);
};

/** What one source has, and down to where it was looked at; without a floor it was to its end. */
interface Scanned {
  entries: AuditEntry[];
  floor?: AuditPlace;
}

const scanned = (rows: readonly Row[], { limit, scan }: ScanRequest): Scanned => {
  const entries = rows.flatMap((row) => (row.id === null ? [] : [toEntry({ ...row, id: row.id })]));
  const last = entries.at(-1);
  const [first] = rows;
  if (entries.length === limit && last !== undefined) return { entries, floor: placeOf(last) };
  const isEnd = first === undefined || first.looked_at < scan || first.floor_at === null;
  return isEnd ? { entries } : { entries, floor: placeAt(first.floor_at as Date, first.floor_id ?? '') };
};

/** What has been looked at in all sources, newest first. */
const merge = (sources: readonly Scanned[], limit: number): AuditPage => {
  const floors = sources.flatMap(({ floor }) => floor ?? []).sort(compare);
  const [floor] = floors;
  const all = sources.flatMap(({ entries }) => entries).sort((a, b) => compare(placeOf(a), placeOf(b)));
  const sure = floor === undefined ? all : all.filter((entry) => compare(placeOf(entry), floor) <= 0);
  const entries = sure.slice(0, limit);
  const last = entries.at(-1);
  const end = sure.length > limit && last !== undefined ? placeOf(last) : floor;
  return { entries, next_cursor: end === undefined ? null : formatAuditCursor(end) };
};

/** A page of a tenant's audit: its own entries and what happened to its packets. */
export const listAudit = async (
  database: AuditDatabase,
  tenant: TenantId,
  { filter, limit, from, scan = defaultScan }: AuditRequest,
): Promise<AuditPage> => {
  const request: ScanRequest = { tenant, filter, from, scan, limit: limit + 1 };
  const query = async (sql: Sql) => scanned(await queryPrepared<Row>(database, sql), request);
  return merge(await Promise.all(scansFor(request).map(query)), limit);
};
