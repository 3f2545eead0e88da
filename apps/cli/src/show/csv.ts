import type { AuditEntryDocument } from '#libs/sdk';

/** What a spreadsheet would take for a formula, full-width forms included. */
const formula = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const quoted = /[",\r\n]/;

/** A cell as RFC 4180 has it; one that a spreadsheet would run is shown with an apostrophe before it. */
export const csvCell = (value: string): string => {
  const safe = formula.test(value) ? `'${value}` : value;
  return quoted.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
};

type Column = [name: string, value: (entry: AuditEntryDocument) => string | number | null | undefined];

// The columns of the server's own export.
const columns: Column[] = [
  ['timestamp', ({ timestamp }) => timestamp],
  ['id', ({ id }) => id],
  ['action', ({ action }) => action],
  ['result', ({ result }) => result],
  ['outcome', ({ outcome }) => outcome],
  ['actor_type', ({ actor }) => actor.type],
  ['actor_id', ({ actor }) => actor.id],
  ['actor_key_id', ({ actor }) => actor.key_id],
  ['actor_key_prefix', ({ actor }) => actor.key_prefix],
  ['resource', ({ resource }) => resource],
  ['packet_id', ({ packet_id }) => packet_id],
  ['reason_code', ({ reason }) => reason?.code],
  ['reason_detail', ({ reason }) => reason?.detail],
  ['details', ({ details }) => JSON.stringify(details)],
  ['trace_id', ({ trace_id }) => trace_id],
  ['request_id', ({ request_id }) => request_id],
  ['dropped', ({ dropped }) => dropped],
];

const lineOf = (cells: string[]): string => `${cells.join(',')}\r\n`;

/** The first line of the audit as CSV. */
export const csvHead = lineOf(columns.map(([name]) => name));

/** An entry of the audit as a line of CSV. */
export const csvLine = (entry: AuditEntryDocument): string =>
  lineOf(columns.map(([, value]) => csvCell(String(value(entry) ?? ''))));
