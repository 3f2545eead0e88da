import { connectNats } from '#libs/event-log';
import { type Config, ConfigError, requireUrl, type Runtime, StartError } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/parts.js';
import type { ControlData } from '../auth/control-data.js';
import type { KeyUses } from '../auth/key-uses.js';
import { AgentRequests } from './agent-requests.js';
import { AuthCallout } from './auth-callout.js';
import { ConnectionEnds } from './connection-ends.js';
import { KeyConnections } from './key-connections.js';
import { NatsConnections } from './nats-connections.js';
import { NatsSigner } from './nats-jwt.js';

/** Where agents come in over NATS. */
export interface AgentsDoor {
  /** Lets nobody in and takes no more requests. */
  close(): Promise<void>;
  /** Lets go of everything once the requests that it took are answered. */
  stop(): Promise<void>;
}

export interface DoorParts {
  control: ControlData;
  uses: KeyUses;
  audit: Audit;
  instance: FastifyInstance;
}

interface DoorKeys {
  seed: string;
  systemUrl: string;
}

/** What lets agents in; undefined when nothing does. @throws ConfigError when it is only half there */
export const doorKeysOf = ({
  natsIssuerSeed: seed,
  natsSystemUrl: systemUrl,
}: Config): DoorKeys | undefined => {
  if (seed !== undefined && systemUrl !== undefined) return { seed, systemUrl };
  if (seed === undefined && systemUrl === undefined) return undefined;
  throw new ConfigError('Set both HR_NATS_ISSUER_SEED and HR_NATS_SYSTEM_URL, or neither.');
};

const connectAs = async (url: string, name: string, variable: string): Promise<NatsConnection> => {
  try {
    return await connectNats(url, `handoffrail-gateway-${name}`);
  } catch (error) {
    throw new StartError(`NATS refuses the connection for agents: ${String(error)}. Check ${variable}.`);
  }
};

const lookWhenBack = async (system: NatsConnection, ends: ConnectionEnds): Promise<void> => {
  for await (const { type } of system.status()) if (type === 'reconnect') void ends.lookAtAll();
};

/**
 * Lets agents in with their API keys, answers their requests, and ends their connections with their keys.
 * Undefined when the configuration has no keys for that: on servers that anybody may connect to, the subject of
 * a request says nothing of who sent it.
 */
export const openAgentsDoor = async (
  { nats, config, logger }: Runtime,
  { control, uses, audit, instance }: DoorParts,
): Promise<AgentsDoor | undefined> => {
  const keys = doorKeysOf(config);
  if (keys === undefined) return undefined;
  const system = await connectAs(keys.systemUrl, 'system', 'HR_NATS_SYSTEM_URL');
  // A server cuts off who takes in less than others send: that must not be what the services stand on.
  const own = await connectAs(requireUrl(config, 'natsUrl', 'gateway'), 'agents', 'NATS_URL');
  const open = new NatsConnections(system);
  const ends = new ConnectionEnds({ control, connections: open, logger });
  const requests = new AgentRequests({ nats: own, control, logger, instance });
  const signer = new NatsSigner(keys.seed);
  const { trail } = audit;
  const { natsAccount: account } = config;
  const connections = new KeyConnections(open);
  const callout = new AuthCallout({ nats, control, uses, trail, signer, connections, account, logger });
  void ends.lookAtAll();
  void lookWhenBack(system, ends);
  return {
    close: async () => {
      await Promise.all([callout.stop(), requests.stop()]);
    },
    stop: async () => {
      await requests.settled();
      ends.stop();
      await own.drain().catch(() => undefined);
      await system.close();
    },
  };
};
