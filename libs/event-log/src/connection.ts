import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

/** The oldest server with atomic batches. */
const needed = { major: 2, minor: 12 };

/** The server is there, but too old for the log. */
export class ServerTooOld extends Error {
  constructor(version: string) {
    super(
      `The NATS server is version ${version}; HandoffRail needs ${needed.major}.${needed.minor} or newer ` +
        `(atomic batches). Upgrade the server, or point NATS_URL at a newer one.`,
    );
    this.name = 'ServerTooOld';
  }
}

const isTooOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < needed.major || (major === needed.major && minor < needed.minor);
};

interface Address {
  servers: string[];
  tls?: object;
  token?: string;
  user?: string;
  pass?: string;
}

const credentialsOf = ({ username, password }: URL): Omit<Address, 'servers'> => {
  const name = decodeURIComponent(username);
  return password === '' ? { token: name } : { user: name, pass: decodeURIComponent(password) };
};

// nats.js takes hosts and ports only: of a whole URL it passes over the scheme, and a password with a colon
// before it reads as the port.
const addressOf = (urls: string): Address => {
  const all = urls
    .split(',')
    .map((text) => new URL(/:\/\//.test(text) ? text.trim() : `nats://${text.trim()}`));
  const named = all.find(({ username }) => username !== '');
  return {
    servers: all.map(({ host }) => host),
    ...(all.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...(named && credentialsOf(named)),
  };
};

/**
 * Connects and stays connected: the first connect waits for the server, later losses are retried for ever.
 * Several addresses are separated by commas; `user:password@` or `token@` may stand before a host.
 * @throws ServerTooOld when the server cannot carry the log.
 */
export const connectNats = async (url: string, name: string): Promise<NatsConnection> => {
  const connection = await connect({
    ...addressOf(url),
    name,
    // Two error objects with stacks per request otherwise: a fifth of a busy process.
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    timeout: 3_000,
    pingInterval: 10_000,
    maxPingOut: 2,
  });
  const version = connection.info?.version ?? '0';
  if (isTooOld(version)) {
    await connection.close();
    throw new ServerTooOld(version);
  }
  return connection;
};
