import { consumers, deadLetterHeaders, deadLetterSubject, streams } from '#libs/contracts';
import type { PassedOver } from '#libs/read-models';
import { headers, type NatsConnection } from '@nats-io/nats-core';

/** Puts an event that no row could be made of where somebody sees it: on the dead-letter stream. */
export const park = (nats: NatsConnection, { event, sequence, reason }: PassedOver): void => {
  const facts = headers();
  facts.set(deadLetterHeaders.reason, reason.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 500));
  facts.set(deadLetterHeaders.stream, streams.packets);
  facts.set(deadLetterHeaders.sequence, String(sequence));
  facts.set(deadLetterHeaders.deliveries, '1');
  nats.publish(deadLetterSubject(consumers.projector), JSON.stringify(event), { headers: facts });
};
