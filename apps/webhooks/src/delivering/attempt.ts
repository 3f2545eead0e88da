import type { TakenDelivery } from '#libs/deliveries';
import { startSpan, type TraceSpan } from '#libs/event-log';
import {
  type Endpoint,
  failureOf,
  openHeaders,
  openSecrets,
  post,
  type Posted,
  type Posting,
  signatureHeaders,
} from '#libs/hooks';
import { instantAt } from '#libs/packet';
import type { WebhookParts } from '../parts.js';
import { messageOf } from './message.js';

export type AttemptParts = Pick<WebhookParts, 'box' | 'packets'> & {
  dispatcher: Parameters<typeof post>[0];
};

const spanOf = (endpoint: Endpoint, delivery: TakenDelivery): TraceSpan =>
  startSpan(`deliver ${delivery.event_type}`, {
    parent: delivery.traceparent,
    kind: 'client',
    attributes: {
      'handoffrail.tenant_id': delivery.tenant_id,
      'handoffrail.hook_id': endpoint.id,
      'handoffrail.delivery_id': delivery.id,
      'handoffrail.attempt': delivery.attempt_count + 1,
      ...(delivery.packet_id !== null && { 'handoffrail.packet_id': delivery.packet_id }),
    },
  });

const postingOf = (
  { box }: AttemptParts,
  endpoint: Endpoint,
  { delivery, body, traceparent }: { delivery: TakenDelivery; body: string; traceparent: string },
): Posting => {
  const now = Date.now();
  const secrets = openSecrets(box, endpoint, instantAt(now));
  const signed = { id: delivery.event_id, timestamp: Math.floor(now / 1_000), body };
  const headers = {
    ...openHeaders(box, endpoint),
    'content-type': 'application/json',
    'user-agent': 'HandoffRail-Webhooks/1',
    ...signatureHeaders(secrets, signed),
    'x-hr-event': delivery.event_type,
    'x-hr-delivery': delivery.id,
    traceparent,
  };
  return { url: endpoint.url, headers, body };
};

/**
 * Sends one delivery to its endpoint, once, and says what came of it. A step of the trace that the event belongs
 * to, which goes on at the receiver. @throws LogUnavailable when the body cannot be made now
 */
export const attempt = async (
  parts: AttemptParts,
  endpoint: Endpoint,
  delivery: TakenDelivery,
): Promise<Posted> => {
  const span = spanOf(endpoint, delivery);
  try {
    const body = await messageOf(endpoint, delivery, parts.packets);
    const { traceparent } = span;
    const posted = await post(parts.dispatcher, postingOf(parts, endpoint, { delivery, body, traceparent }));
    if (posted.status_code !== undefined) span.set('http.response.status_code', posted.status_code);
    span.end(failureOf(posted) ?? undefined);
    return posted;
  } catch (error) {
    span.end(error);
    throw error;
  }
};
