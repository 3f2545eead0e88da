import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockDirectory } from '../process/directory-lock.js';
import { freePort, privateFolder, writePrivate } from '../process/local-files.js';
import { commandLine, endProcess } from '../process/processes.js';
import { type RunningServer, startServer } from '../process/server.js';
import type { FoundNats } from './cache.js';
import { keptCredentials } from './credentials.js';
import { findNatsServer } from './find-nats-server.js';
import { type Durability, natsConfig } from './nats-config.js';

export interface StartNatsOptions {
  /** Holds the streams, the configuration, the password and the lock. Made if missing. */
  dataDir: string;
  durability: Durability;
  /** A free one when left out. */
  port?: number;
  log?: (line: string) => void;
  /** Start the server again on the same port whenever it dies. */
  supervise?: boolean;
}

export interface EmbeddedNats {
  /** `nats://user:password@127.0.0.1:port`, for the services. */
  url: string;
  /** The same for the system account, which sees connections and ends them. */
  systemUrl: string;
  /** Nkey seed that signs for whoever connects by auth callout. */
  issuerSeed: string;
  /** The server's process, undefined while there is none. */
  pid(): number | undefined;
  version: string;
  /** One line: where the binary came from. */
  source: string;
  /** Stops the server and gives the data directory free. */
  stop(): Promise<void>;
}

const stopGraceMs = 5_000;

interface Place {
  dataDir: string;
  config: string;
  logFile: string;
  serverName: string;
}

const placeOf = (dataDir: string): Place => ({
  dataDir,
  config: join(dataDir, 'nats.conf'),
  logFile: join(dataDir, 'nats.log'),
  serverName: `handoffrail-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`,
});

/** Ends a server that an earlier, killed parent left behind on our configuration. */
const endStale = async (place: Place, log: (line: string) => void): Promise<void> => {
  const pid = Number(await readFile(join(place.dataDir, 'nats.pid'), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return;
  const words = await commandLine(pid);
  if (!words.includes('nats-server') || !words.includes(place.config)) return;
  log(`ending the NATS server ${pid} that an earlier run left behind`);
  await endProcess({ pid, signal: 'SIGTERM', graceMs: stopGraceMs });
};

/** True when the server that greets on this port is ours and has JetStream. */
const isServing = (port: number, serverName: string): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect({ host: '127.0.0.1', port });
    let greeting = '';
    const done = (ready: boolean) => {
      socket.destroy();
      answer(ready);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.on('data', (bytes) => {
      greeting += bytes.toString();
      if (!greeting.includes('\r\n')) return;
      done(greeting.includes(`"server_name":"${serverName}"`) && greeting.includes('"jetstream":true'));
    });
  });

interface Launched extends Pick<EmbeddedNats, 'url' | 'systemUrl' | 'issuerSeed'> {
  server: RunningServer;
}

const launch = async (place: Place, found: FoundNats, options: StartNatsOptions): Promise<Launched> => {
  const port = options.port ?? (await freePort());
  const credentials = await keptCredentials(place.dataDir);
  const { user, password, systemUser, systemPassword, issuerSeed } = credentials;
  await writePrivate(
    place.config,
    natsConfig({ ...place, port, credentials, durability: options.durability }),
  );
  const server = await startServer({
    name: 'NATS',
    launch: {
      command: found.path,
      args: ['-c', place.config],
      env: { PATH: process.env['PATH'] },
      logFile: place.logFile,
      stopSignal: 'SIGTERM',
      stopGraceMs,
    },
    isReady: () => isServing(port, place.serverName),
    readyMs: 60_000,
    supervise: options.supervise ?? false,
    log: options.log ?? (() => undefined),
  });
  const address = `127.0.0.1:${port}`;
  return {
    server,
    url: `nats://${user}:${password}@${address}`,
    systemUrl: `nats://${systemUser}:${systemPassword}@${address}`,
    issuerSeed,
  };
};

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && /address already in use/i.test(error.message);

const launchOnFreePort = async (place: Place, found: FoundNats, options: StartNatsOptions) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(place, found, options);
    } catch (error) {
      // Somebody may take a free port between our look and the server's start.
      if (options.port !== undefined || attempt === 5 || !isPortTaken(error)) throw error;
    }
  }
};

/**
 * Starts a NATS server with JetStream for this process alone: on loopback, with a password of its own,
 * its data in `dataDir`. Resolves when it serves. Throws when another process uses the directory, when
 * no server can be found, or with the end of the server's log when it does not start.
 */
export const startNats = async (options: StartNatsOptions): Promise<EmbeddedNats> => {
  const log = options.log ?? (() => undefined);
  const place = placeOf(resolve(options.dataDir));
  await mkdir(place.dataDir, { recursive: true });
  const release = await lockDirectory(place.dataDir, 'nats');
  try {
    const [found] = await Promise.all([findNatsServer({ log }), endStale(place, log)]);
    await privateFolder(join(place.dataDir, 'jetstream'));
    const { server, ...access } = await launchOnFreePort(place, found, options);
    log(`NATS ${found.version} serves from ${place.dataDir} (${found.source})`);
    const stop = async () => {
      await server.stop();
      await release();
    };
    return { ...access, pid: () => server.pid(), version: found.version, source: found.source, stop };
  } catch (error) {
    await release();
    throw error;
  }
};
