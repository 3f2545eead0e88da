import type { AuditAttempt } from '#libs/audit';
import { deliveryId, insertDeliveries, type NewDelivery } from '#libs/deliveries';
import { newSpanId, newTraceId, uuidv7 } from '#libs/event-log';
import { disable, type DisabledReason, type Endpoint, wants } from '#libs/hooks';
import { type Instant, instantAt } from '#libs/packet';
import { countDisabled } from './metrics.js';
import type { WebhookParts } from './parts.js';

/** The trace of what no request began. */
export const freshTrace = (): string => `00-${newTraceId()}-${newSpanId()}-00`;

const type = 'hook.disabled';

interface Disabling {
  endpoint: Endpoint;
  reason: DisabledReason;
  at: Instant;
}

const newsOf = ({ endpoint, reason, at }: Disabling) => ({
  hook_id: endpoint.id,
  url: endpoint.url,
  reason,
  disabled_at: at,
});

/** What the tenant's other endpoints get of it. Its id is the same when it is told twice. */
const owedTo = (others: readonly Endpoint[], disabling: Disabling): NewDelivery[] => {
  const { endpoint, at } = disabling;
  const traceparent = freshTrace();
  return others
    .filter((other) => other.id !== endpoint.id && wants(other, { names: [type] }) !== null)
    .map((other) => ({
      tenant_id: endpoint.tenant_id,
      hook_id: other.id,
      event_id: deliveryId(endpoint.id, `${type} ${endpoint.after_sequence}`),
      event_type: type,
      payload: newsOf(disabling),
      occurred_at: at,
      traceparent,
      ordered: false,
    }));
};

/** Nobody asked for it, so it is in the audit under this service's own name. */
const attemptOf = ({ endpoint, reason, at }: Disabling): AuditAttempt => ({
  id: uuidv7(),
  kind: 'attempt',
  tenant_id: endpoint.tenant_id,
  at,
  action: 'webhooks.disable_hook',
  actor: { type: 'system', id: 'webhooks' },
  resource: `/api/v1/hooks/${endpoint.id}`,
  details: { reason },
  trace_id: newTraceId(),
});

/** Changes the record, with the audit around it. Null: somebody else had disabled it, or deleted it. */
const disableRecord = async (
  { hooks, audit }: WebhookParts,
  disabling: Disabling,
): Promise<Endpoint | null> => {
  const { endpoint, reason, at } = disabling;
  if (hooks.get(endpoint.tenant_id, endpoint.id)?.disabled !== undefined) return null;
  const attempt = attemptOf(disabling);
  await audit.begin(attempt);
  const changed = await hooks.change(endpoint.tenant_id, endpoint.id, (held) => disable(held, reason, at));
  const isOurs = changed?.disabled?.at === at;
  const { id, tenant_id, action } = attempt;
  await audit.end({ id, tenant_id, action, at, kind: isOurs ? 'done' : 'void' });
  return isOurs ? changed : null;
};

/**
 * Sends nothing more to an endpoint, and tells so: on the feed, and to those of the tenant's endpoints that want
 * to hear of it. They are owed it first: should this end in between, it is done again at the next failure.
 * @throws LogUnavailable, and what the database throws
 */
export const disableEndpoint = async (
  parts: WebhookParts,
  endpoint: Endpoint,
  reason: DisabledReason,
): Promise<Set<string>> => {
  const { hooks, database, nats, logger } = parts;
  const { tenant_id, id } = endpoint;
  const at = instantAt(Date.now());
  const owed = owedTo(hooks.active(tenant_id), { endpoint, reason, at });
  if (owed.length > 0) await database.use((source) => insertDeliveries(source, owed));
  if ((await disableRecord(parts, { endpoint, reason, at })) !== null) {
    const message = { type, hook_id: id, data: newsOf({ endpoint, reason, at }), timestamp: at };
    nats.publish(`hr.feed.${tenant_id}.${id}.${type}`, JSON.stringify(message));
    logger.warn({ tenant_id, hook_id: id, reason }, 'a webhook is disabled');
    countDisabled(reason);
  }
  return new Set(owed.map(({ hook_id }) => hook_id));
};
