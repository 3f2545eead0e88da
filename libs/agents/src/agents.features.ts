import { connectNats, provision } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import { startServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';

export const acme = 'acme' as TenantId;
export const other = 'other' as TenantId;
export const quiet = { warn: () => {} };

export interface AgentRig {
  connect(): Promise<NatsConnection>;
  stop(): Promise<void>;
}

/** A NATS server with the product's buckets; each connection is one process. */
export const startRig = async (): Promise<AgentRig> => {
  const servers = await startServers({ durability: 'relaxed' });
  const connections: NatsConnection[] = [];
  const connect = async (): Promise<NatsConnection> => {
    const nats = await connectNats(servers.natsUrl, 'test');
    connections.push(nats);
    return nats;
  };
  await provision(await connect(), { durability: 'relaxed', replicas: 1 });
  const stop = async (): Promise<void> => {
    await Promise.all(connections.map((nats) => nats.close()));
    await servers.stop();
  };
  return { connect, stop };
};

/** Asks again and again until it is true; fails after some seconds. */
export const until = async (isTrue: () => boolean, limitMs = 5_000): Promise<void> => {
  const deadline = Date.now() + limitMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`still not so after ${limitMs} ms: ${isTrue}`);
    await new Promise((next) => setTimeout(next, 5));
  }
};
