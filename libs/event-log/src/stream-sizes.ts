import { jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';

/** How far one durable consumer of a stream is behind. */
export interface ConsumerStanding {
  name: string;
  /** Messages that it has not been given yet. */
  pending: number;
  /** Those that it has been given and has not settled. */
  unsettled: number;
}

/** How much one stream holds; a bucket is a stream whose name begins with `KV_`. */
export interface StreamSize {
  name: string;
  messages: number;
  bytes: number;
  /** Ordered by name; of buckets, whose consumers are those of the readers, none are told. */
  consumers: ConsumerStanding[];
}

const ours = /^(?:KV_)?HR_/;

const consumersOf = async (manager: JetStreamManager, { config, state }: StreamInfo) => {
  if (config.name.startsWith('KV_') || state.consumer_count === 0) return [];
  const found: ConsumerStanding[] = [];
  for await (const { name, config: consumer, num_pending, num_ack_pending } of manager.consumers.list(
    config.name,
  ))
    if (consumer.durable_name !== undefined)
      found.push({ name, pending: num_pending, unsettled: num_ack_pending });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** What the streams and buckets of the product hold, by name. Rejects when NATS does not answer. */
export const streamSizes = async (nats: NatsConnection): Promise<StreamSize[]> => {
  const manager = await jetstreamManager(nats, { checkAPI: false });
  const infos: StreamInfo[] = [];
  for await (const info of manager.streams.list()) if (ours.test(info.config.name)) infos.push(info);
  const sizes = infos.map(async (info) => ({
    name: info.config.name,
    messages: info.state.messages,
    bytes: info.state.bytes,
    consumers: await consumersOf(manager, info),
  }));
  return (await Promise.all(sizes)).sort((a, b) => (a.name < b.name ? -1 : 1));
};
