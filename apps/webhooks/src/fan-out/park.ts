import { consumers, deadLetterHeaders, deadLetterSubject, streams } from '#libs/contracts';
import { type RecordedEvent, writeHeaders } from '#libs/event-log';
import type { WebhookParts } from '../parts.js';

/** Puts an event that no delivery could be made of where somebody sees it: on the dead-letter stream. */
export const park = (
  { nats, logger }: Pick<WebhookParts, 'nats' | 'logger'>,
  { event, sequence }: RecordedEvent,
  error: unknown,
): void => {
  const { packet_id, tenant_id } = event;
  logger.error({ err: error, sequence, packet_id, tenant_id }, 'an event cannot be fanned out; it is parked');
  const reason = String(error)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 500);
  const headers = writeHeaders([
    [deadLetterHeaders.reason, reason],
    [deadLetterHeaders.stream, streams.packets],
    [deadLetterHeaders.sequence, String(sequence)],
    [deadLetterHeaders.deliveries, '1'],
  ]);
  nats.publish(deadLetterSubject(consumers.webhooks), JSON.stringify(event), { headers });
};
