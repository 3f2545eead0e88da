import type { TenantId } from '#libs/packet';
import type { Sql } from '#libs/read-models';
import type { EntityManager } from 'typeorm';
import { type AuditDatabase, auditSchema } from './database.js';
import type { AuditAttempt, AuditDenial, AuditEnding, AuditMessage } from './message.js';

/** A message and its place on the stream. */
export interface PlacedMessage {
  sequence: number;
  message: AuditMessage;
}

type Opening = AuditAttempt | AuditDenial;

const columns = {
  tenant_id: 'text',
  id: 'uuid',
  at: 'timestamptz',
  sequence: 'bigint',
  action: 'text',
  result: 'text',
  ending: 'text',
  actor: 'json',
  resource: 'text',
  packet_id: 'uuid',
  reason: 'json',
  details: 'json',
  trace_id: 'text',
  request_id: 'text',
  dropped: 'integer',
};
const names = Object.keys(columns);
const list = names.join(', ');
const typed = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
const endings = `json_to_recordset($1::json) as r(
  kind text, id uuid, tenant_id text, concerns text, resource text, reason json)`;

const insert = `insert into ${auditSchema}.entries (${list})
  select ${list} from json_to_recordset($1::json) as r(${typed}) on conflict do nothing`;

/** For whom only the end tells that it is about. */
const copy = `insert into ${auditSchema}.entries (${list})
  select ${names.map((name) => (name === 'tenant_id' ? 'r.concerns' : `e.${name}`)).join(', ')}
  from ${auditSchema}.entries e join ${endings} on e.tenant_id = r.tenant_id and e.id = r.id
  where r.concerns is not null on conflict do nothing`;

const settle = `update ${auditSchema}.entries e
  set ending = r.kind, result = case r.kind when 'refused' then 'denied' else e.result end,
    resource = coalesce(r.resource, e.resource), reason = coalesce(r.reason, e.reason)
  from ${endings} where e.tenant_id in (r.tenant_id, r.concerns) and e.id = r.id and r.kind <> 'void'`;

const forget = `delete from ${auditSchema}.entries e
  using ${endings} where e.tenant_id in (r.tenant_id, r.concerns) and e.id = r.id and r.kind = 'void'`;

const isOpening = (message: AuditMessage): message is Opening =>
  message.kind === 'attempt' || message.kind === 'denial';
const isEnding = (message: AuditMessage): message is AuditEnding => !isOpening(message);

const tenantsOf = (message: Opening): TenantId[] => {
  const others = message.kind === 'attempt' && message.concerns !== undefined ? [message.concerns] : [];
  return [...new Set([message.tenant_id, ...others])];
};

const rowsOf = (sequence: number, message: Opening): object[] =>
  tenantsOf(message).map((tenant_id) => ({
    details: {},
    ...message,
    tenant_id,
    sequence,
    ...(message.kind === 'denial' ? { result: 'denied', ending: 'refused' } : { result: 'allowed' }),
  }));

const statementsFor = (messages: readonly PlacedMessage[]): Sql[] => {
  const rows = messages.flatMap(({ sequence, message }) =>
    isOpening(message) ? rowsOf(sequence, message) : [],
  );
  const ends = messages.map(({ message }) => message).filter(isEnding);
  // An end stands behind its beginning on the stream, so all beginnings may go first.
  return [
    ...(rows.length > 0 ? [{ text: insert, values: [JSON.stringify(rows)] }] : []),
    ...(ends.length > 0
      ? [copy, settle, forget].map((text) => ({ text, values: [JSON.stringify(ends)] }))
      : []),
  ];
};

interface Place {
  position: string;
}

const lockedPosition = async (manager: EntityManager): Promise<number> => {
  const text = `select position from ${auditSchema}.checkpoint for update`;
  const [row] = await manager.query<Place[]>(text);
  return Number(row?.position ?? 0);
};

/** Writes what is new of these messages, and how far the stream has been read, in one transaction. */
export const writeMessages = (
  database: AuditDatabase,
  messages: readonly PlacedMessage[],
  position: number,
): Promise<void> =>
  database.transaction(async (manager) => {
    // Another copy may have been here first.
    const written = await lockedPosition(manager);
    if (position <= written) return;
    const fresh = messages.filter(({ sequence }) => sequence > written);
    for (const { text, values } of statementsFor(fresh)) await manager.query(text, values);
    await manager.query(`update ${auditSchema}.checkpoint set position = $1`, [position]);
  });

/** The place up to which the stream has been read. */
export const auditPosition = async (database: AuditDatabase): Promise<number> => {
  const [row] = await database.query<Place[]>(`select position from ${auditSchema}.checkpoint`);
  return Number(row?.position ?? 0);
};

/** Has everything read again: what is there stays as it is. */
export const rewindAudit = async (database: AuditDatabase): Promise<void> => {
  await database.query(`update ${auditSchema}.checkpoint set position = 0`);
};
