import { randomUUID } from 'node:crypto';
import type { AuditDenial } from '#libs/audit';
import { newTraceId, uuidv7 } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import { type KeyRecord, principalFrom } from '../auth/key-records.js';
import type { ProblemError } from '../http/problem-error.js';

/** What the audit says of somebody who was not let in, with a key that is known. */
export const deniedConnect = (record: KeyRecord, { code, detail }: ProblemError): AuditDenial => {
  const { type, agent_id, key_id } = principalFrom(record);
  return {
    kind: 'denial',
    id: uuidv7(),
    tenant_id: record.tenant_id,
    at: instantAt(Date.now()),
    action: 'nats.connect',
    actor: { type, id: agent_id ?? key_id, key_id, key_prefix: record.prefix },
    resource: 'nats',
    trace_id: newTraceId(),
    request_id: randomUUID(),
    reason: { code, detail },
  };
};
