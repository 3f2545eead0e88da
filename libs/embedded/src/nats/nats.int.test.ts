import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect as dial, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunning, startOf } from '../process/processes.js';
import { findNatsServer } from './find-nats-server.js';
import { type EmbeddedNats, startNats, type StartNatsOptions } from './start-nats.js';

let dataDir: string;
const started: EmbeddedNats[] = [];
const connections: NatsConnection[] = [];

const start = async (options: Partial<StartNatsOptions> = {}): Promise<EmbeddedNats> => {
  const nats = await startNats({ dataDir, durability: 'relaxed', ...options });
  started.push(nats);
  return nats;
};

const connectTo = async (nats: EmbeddedNats, url = nats.url): Promise<NatsConnection> => {
  const { host, username, password } = new URL(url);
  const connection = await connect({ servers: host, user: username, pass: password, reconnect: false });
  connections.push(connection);
  return connection;
};

const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
});

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(started.splice(0).map((nats) => nats.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

describe('startNats', () => {
  it('serves JetStream on loopback, to its own user only, with room for a packet of 1 MiB', async () => {
    const nats = await start({ durability: 'strict' });
    const connection = await connectTo(nats);
    expect(connection.info?.jetstream).toBe(true);
    expect(connection.info?.max_payload).toBe(2 * 1024 * 1024);
    await expect(connect({ servers: new URL(nats.url).host, reconnect: false })).rejects.toThrow(/authoriz/i);
    expect(await readFile(join(dataDir, 'nats.conf'), 'utf8')).toContain('sync_interval: always');
    for (const file of ['nats.conf', 'nats.secret', 'nats-system.secret', 'nats-issuer.seed']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('keeps a log that does not grow for ever', async () => {
    const nats = await start();
    const port = Number(new URL(nats.url).port);
    // Nobody whom it could ask about them is there: it refuses each, and names it in its log.
    const refused = Array.from({ length: 700 }, (_, serial) => {
      const socket = dial({ host: '127.0.0.1', port });
      socket.on('error', () => undefined).resume();
      socket.write(
        `CONNECT ${JSON.stringify({ user: `${serial}-${'x'.repeat(3_500)}`, pass: 'x' })}\r\nPING\r\n`,
      );
      return once(socket, 'close');
    });
    await Promise.all(refused);
    const logs = (await readdir(dataDir)).filter((name) => name.startsWith('nats.log'));
    const sizes = await Promise.all(logs.map(async (name) => (await stat(join(dataDir, name))).size));
    expect(Math.max(...sizes)).toBeLessThan(1.2 * 1024 * 1024);
    expect(logs.length).toBeGreaterThan(1);
    expect(logs.length).toBeLessThanOrEqual(4);
  });

  it('lets its system user end connections, and nobody else', async () => {
    const nats = await start();
    const services = await connectTo(nats);
    const system = await connectTo(nats, nats.systemUrl);
    const { server_id, client_id } = services.info!;
    const kick = (by: NatsConnection) =>
      by.request(`$SYS.REQ.SERVER.${server_id}.KICK`, JSON.stringify({ cid: client_id }), { timeout: 1_000 });
    await expect(kick(services)).rejects.toThrow(/no responders/i);
    await kick(system);
    expect(await services.closed()).toBeUndefined();
  });

  it('keeps what it holds, and its passwords, from one start to the next', async () => {
    const first = await start();
    const manager = await jetstreamManager(await connectTo(first));
    await manager.streams.add({ name: 'kept', subjects: ['kept'] });
    await jetstream(await connectTo(first)).publish('kept', 'payload');
    await first.stop();

    const second = await start();
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(new URL(second.systemUrl).password).toBe(new URL(first.systemUrl).password);
    expect(second.issuerSeed).toBe(first.issuerSeed);
    const again = await jetstreamManager(await connectTo(second));
    expect((await again.streams.info('kept')).state.messages).toBe(1);
  });

  it('leaves no process and no lock behind', async () => {
    const nats = await start();
    const pid = nats.pid()!;
    await nats.stop();
    expect(await isRunning(pid)).toBe(false);
    expect(nats.pid()).toBeUndefined();
    await expect(stat(join(dataDir, 'nats.lock'))).rejects.toThrow();
  });

  it('refuses a directory that this process already uses', async () => {
    await start();
    await expect(start()).rejects.toThrow(`${dataDir} is in use by the process ${process.pid}`);
  });

  it('refuses a directory that another living process has locked, and takes over when it died', async () => {
    const holder = spawn('sleep', ['30']);
    const pid = holder.pid!;
    await writeFile(join(dataDir, 'nats.lock'), JSON.stringify({ pid, startedAt: await startOf(pid) }));
    await expect(start()).rejects.toThrow(`${dataDir} is in use by the process ${pid}`);
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    expect((await start()).pid()).toBeGreaterThan(0);
  });

  it('takes over a lock whose process id was given out again', async () => {
    await writeFile(join(dataDir, 'nats.lock'), JSON.stringify({ pid: process.ppid, startedAt: 'earlier' }));
    expect((await start()).pid()).toBeGreaterThan(0);
  });

  it('ends a server that a killed parent left behind before it starts its own', async () => {
    await (await start()).stop();
    const { path } = await findNatsServer();
    const stale = spawn(path, ['-c', join(dataDir, 'nats.conf')], { detached: true, stdio: 'ignore' });
    await eventually(async () =>
      expect(Number(await readFile(join(dataDir, 'nats.pid'), 'utf8'))).toBe(stale.pid),
    );
    const lines: string[] = [];
    const nats = await start({ log: (line) => lines.push(line) });
    expect(await isRunning(stale.pid!)).toBe(false);
    expect(nats.pid()).not.toBe(stale.pid);
    expect(lines.join('\n')).toContain(`ending the NATS server ${stale.pid}`);
  });

  it('comes back on the same port, every time it is killed, when supervised', async () => {
    const nats = await start({ supervise: true });
    const name = (await connectTo(nats)).info?.server_name;
    for (let round = 0; round < 3; round += 1) {
      const pid = nats.pid()!;
      process.kill(pid, 'SIGKILL');
      const fresh = await eventually(() => connectTo(nats));
      expect(nats.pid()).not.toBe(pid);
      expect(fresh.info?.server_name).toBe(name);
    }
  });

  it('stays down when it is killed and not supervised, and can be stopped all the same', async () => {
    const nats = await start();
    process.kill(nats.pid()!, 'SIGKILL');
    await eventually(() => expect(nats.pid()).toBeUndefined());
    await nats.stop();
  });
});

describe('a port that is taken', () => {
  let occupant: Server;

  afterAll(() => occupant.close());

  it('is named in the error when it was asked for', async () => {
    occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    const address = occupant.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await expect(start({ port: port! })).rejects.toThrow(new RegExp(`${port}.*address already in use`));
    expect((await start()).url).not.toContain(`:${port}`);
  });
});
