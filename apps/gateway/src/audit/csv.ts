import type { AuditEntry } from '#libs/audit';

const columns = [
  'timestamp',
  'id',
  'action',
  'result',
  'outcome',
  'actor_type',
  'actor_id',
  'actor_key_id',
  'actor_key_prefix',
  'resource',
  'packet_id',
  'reason_code',
  'reason_detail',
  'details',
  'trace_id',
  'request_id',
  'dropped',
] as const;
type Column = (typeof columns)[number];

const lineEnd = '\r\n';

/** What a spreadsheet would take for a formula, full-width forms included. */
const formula = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const quoted = /[",\r\n]/;

/** A cell as RFC 4180 has it; one that a spreadsheet would run is shown with an apostrophe before it. */
export const csvCell = (value: string): string => {
  const safe = formula.test(value) ? `'${value}` : value;
  return quoted.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const cellsOf = ({ actor, reason, details, dropped, ...entry }: AuditEntry) =>
  ({
    ...entry,
    actor_type: actor.type,
    actor_id: actor.id,
    actor_key_id: actor.key_id,
    actor_key_prefix: actor.key_prefix,
    reason_code: reason?.code,
    reason_detail: reason?.detail,
    details: JSON.stringify(details),
    dropped: String(dropped),
  }) satisfies Record<Column, string | null | undefined>;

/** The first line of the audit as CSV. */
export const csvHead = columns.join(',') + lineEnd;

/** An entry of the audit as a line of CSV. */
export const csvLine = (entry: AuditEntry): string => {
  const cells = cellsOf(entry);
  return columns.map((column) => csvCell(cells[column] ?? '')).join(',') + lineEnd;
};
