import type { Instant, TenantId } from '#libs/packet';
import { liveSchema, type Sql } from '#libs/read-models';
import type { AuditPlace } from './cursor.js';
import { auditSchema } from './database.js';

/** What a page is narrowed to; what is left out narrows nothing. */
export interface AuditFilter {
  /** The id of an actor, of its key or of its agent, or the first characters of its key. */
  actor?: string;
  /** An action, or with `.*` at its end all that begin so. */
  action?: string;
  packet_id?: string;
  result?: 'allowed' | 'denied';
  after?: Instant;
  before?: Instant;
}

export interface ScanRequest {
  tenant: TenantId;
  filter: AuditFilter;
  /** Most entries to find. */
  limit: number;
  /** Most rows to look at. */
  scan: number;
  from?: AuditPlace | undefined;
}

/** Where entries are, under the names that they have in the answer. */
interface Source {
  table: string;
  columns: string;
  at: string;
  action: string;
  /** What the index of the times wants to be asked, beside the tenant. */
  byTime?: (tenant: string) => string;
  /** Whom an actor may be looked for as. */
  actors: readonly string[];
}

const common = 'id, actor, packet_id, trace_id';

const ownEntries: Source = {
  table: `${auditSchema}.entries`,
  columns: `${common}, at, action, result, ending, resource, reason, details, request_id, dropped`,
  at: 'at',
  action: 'action',
  actors: ['id', 'key_id', 'key_prefix'],
};

const packetEvents: Source = {
  table: `${liveSchema}.packet_history`,
  columns: `${common}, timestamp as at, event_type as action, 'allowed' as result, 'done' as ending,
    '/api/v1/packets/' || packet_id as resource, null::json as reason, details, null as request_id,
    null::integer as dropped`,
  at: 'timestamp',
  byTime: (tenant) => ` and hashtext(tenant_id) = hashtext(${tenant})`,
  action: 'event_type',
  actors: ['id', 'key_id', 'agent_id', 'responded_by'],
};

class Values {
  readonly all: unknown[] = [];

  /** A condition, if there is a value for it. */
  where(value: unknown, condition: (parameter: string) => string): string {
    return value === undefined ? '' : ` and ${condition(`$${this.all.push(value)}`)}`;
  }
}

/** What an index holds: the rows that are looked at at all. */
const walked = ({ at }: Source, { filter, from }: ScanRequest, values: Values): string =>
  [
    values.where(filter.after, (value) => `${at} > ${value}::timestamptz`),
    values.where(filter.before, (value) => `${at} < ${value}::timestamptz`),
    values.where(filter.packet_id, (value) => `packet_id = ${value}::uuid`),
    values.where(from?.at, (value) => `${at} <= ${value}::timestamptz`),
    values.where(
      from?.at,
      (value) => `(${at}, id) < (${value}::timestamptz, $${values.all.push(from?.id)}::uuid)`,
    ),
  ].join('');

/** What is looked for among them. */
const chosen = ({ actors }: Source, { filter }: ScanRequest, values: Values): string => {
  const begins = filter.action?.endsWith('.*') ? filter.action.slice(0, -1) : undefined;
  const exact = begins === undefined ? filter.action : undefined;
  return [
    values.where(
      filter.actor,
      (value) => `${value} in (${actors.map((name) => `actor ->> '${name}'`).join(', ')})`,
    ),
    values.where(begins, (value) => `starts_with(action, ${value})`),
    values.where(exact, (value) => `action = ${value}`),
  ].join('');
};

// The text itself, so that the index of denials is seen to hold them.
const ofResult = (source: Source, { result }: AuditFilter): string =>
  source === ownEntries && result !== undefined
    ? ` and result = '${result === 'denied' ? 'denied' : 'allowed'}'`
    : '';

/**
 * Looks through one source, newest first, at so many rows at most, whatever is looked for. Each row of the answer
 * tells how many were looked at, and where the last of them stands; one without an id tells only that.
 */
const scanOf = (source: Source, request: ScanRequest): Sql => {
  const values = new Values();
  const ofTenant = values.where(request.tenant, (value) => `tenant_id = ${value}`).replace(' and ', '');
  // A packet's own few are found by its id.
  const byTime = request.filter.packet_id === undefined ? (source.byTime?.('$1') ?? '') : '';
  const conditions = `${ofTenant}${byTime}${ofResult(source, request.filter)}${walked(source, request, values)}`;
  const matching = chosen(source, request, values);
  const scan = matching === '' ? Math.min(request.scan, request.limit) : request.scan;
  const text = `with scanned as materialized (
      select ${source.columns} from ${source.table} where ${conditions}
      order by ${source.at} desc, id desc limit ${Math.floor(scan)}
    ), ended as (
      select count(*)::integer as looked_at, min(at) as floor_at,
        (array_agg(id order by at, id))[1] as floor_id from scanned
    )
    select found.*, ended.* from ended left join lateral (
      select * from scanned where true${matching} order by at desc, id desc limit ${Math.floor(request.limit)}
    ) found on true`;
  return { text, values: values.all };
};

/** Where such entries can be: operations are named after the tags of the API, of which none is `packet`. */
const sourcesFor = ({ action, result }: AuditFilter): Source[] => {
  if (result === 'denied') return [ownEntries];
  if (action === undefined) return [ownEntries, packetEvents];
  return action.startsWith('packet.') ? [packetEvents] : [ownEntries];
};

/** The statements that look for entries: among those of the audit itself, and among what happened to packets. */
export const scansFor = (request: ScanRequest): Sql[] =>
  sourcesFor(request.filter).map((source) => scanOf(source, request));
