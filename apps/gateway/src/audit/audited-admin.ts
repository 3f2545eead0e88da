import { type AuditAttempt, AuditTrail } from '#libs/audit';
import { newTraceId, uuidv7 } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import type { KeyRecord } from '../auth/key-records.js';

const attemptOf = ({ id, tenant_id, prefix }: KeyRecord): AuditAttempt => ({
  id: uuidv7(),
  kind: 'attempt',
  tenant_id,
  at: instantAt(Date.now()),
  action: 'control.bootstrap',
  actor: { type: 'system', id: 'bootstrap' },
  resource: `/api/v1/keys/${id}`,
  details: { prefix },
  trace_id: newTraceId(),
});

/** Stores a platform admin that no request asked for, with the audit around it. @throws LogUnavailable */
export const auditedAdmin = async (
  nats: NatsConnection,
  record: KeyRecord,
  store: () => Promise<unknown>,
): Promise<void> => {
  const trail = new AuditTrail(nats);
  const attempt = attemptOf(record);
  const { id, tenant_id, at, action } = attempt;
  try {
    await trail.begin(attempt);
    await store();
    await trail.end({ id, tenant_id, at, action, kind: 'done' });
  } finally {
    trail.close();
  }
};
