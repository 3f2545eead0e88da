import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spawnServer } from '../process/child.js';
import { isRunning } from '../process/processes.js';
import { postgresBinaries } from './binaries.js';
import { clusterFolder, postgresEnv } from './cluster.js';
import { unprivilegedOwner } from './owner.js';
import { type EmbeddedPostgres, startPostgres, type StartPostgresOptions } from './start-postgres.js';

let dataDir: string;
let lines: string[];
const started: EmbeddedPostgres[] = [];

const start = async (options: Partial<StartPostgresOptions> = {}): Promise<EmbeddedPostgres> => {
  const postgres = await startPostgres({ dataDir, log: (line) => lines.push(line), ...options });
  started.push(postgres);
  return postgres;
};

const query = async (postgres: EmbeddedPostgres, text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  const answer = await client.query(text).finally(() => client.end());
  return answer.rows as unknown[];
};

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

beforeEach(async () => {
  lines = [];
  dataDir = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
  await chmod(dataDir, 0o755);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('keeps what it holds, and its password, from one start to the next', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS value');
    const pid = first.pid()!;
    await first.stop();
    expect(await isRunning(pid)).toBe(false);

    const second = await start();
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(await query(second, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    expect((await stat(join(dataDir, 'postgres.secret'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a directory that is in use, takes a password, UTC and UTF-8, and keeps fsync on', async () => {
    const postgres = await start();
    await expect(start()).rejects.toThrow(`${dataDir} is in use by the process ${process.pid}`);
    const nobody = new URL(postgres.url);
    nobody.password = 'guess';
    await expect(query({ ...postgres, url: nobody.href }, 'SELECT 1')).rejects.toThrow(/password/);
    const [row] = await query(
      postgres,
      `SELECT current_setting('timezone') zone, current_setting('fsync') fsync,
              current_setting('server_encoding') encoding, lower('ÄÖ') lower`,
    );
    expect(row).toEqual({ zone: 'UTC', fsync: 'on', encoding: 'UTF8', lower: 'äö' });
  });

  it('comes back on the same port with its data when it is killed and supervised', async () => {
    const postgres = await start({ supervise: true });
    await query(postgres, 'CREATE TABLE kept AS SELECT 7 AS value');
    // Commits do not wait for the disk, so the last ones may be lost with the server.
    await query(postgres, 'CHECKPOINT');
    const pid = postgres.pid()!;
    process.kill(pid, 'SIGKILL');
    await eventually(async () => {
      expect(postgres.pid()).not.toBe(pid);
      expect(await query(postgres, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    });
  });

  it('ends a server that a killed parent left behind before it starts its own', async () => {
    const first = await start();
    await first.stop();
    const owner = await unprivilegedOwner();
    const { bin } = await postgresBinaries(owner);
    const cluster = await clusterFolder(dataDir, owner);
    const stale = spawnServer({
      command: join(bin, 'postgres'),
      args: ['-D', cluster, '-p', new URL(first.url).port, '-c', 'unix_socket_directories='],
      env: postgresEnv(),
      logFile: join(dataDir, 'stale.log'),
      stopSignal: 'SIGINT',
      stopGraceMs: 5_000,
      ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
    });
    await eventually(async () =>
      expect(await readFile(join(cluster, 'postmaster.pid'), 'utf8')).toMatch(
        new RegExp(`^${stale.pid}\n[^]*ready`),
      ),
    );
    await start();
    expect(await isRunning(stale.pid!)).toBe(false);
    expect(lines.join('\n')).toContain(`ending the Postgres server ${stale.pid}`);
  });
});

describe('a cluster that cannot be used', () => {
  const asideIn = async () => (await readdir(dataDir)).filter((name) => name.startsWith('cluster.unusable-'));

  const damaged = async (damage: (cluster: string) => Promise<void>) => {
    const first = await start();
    await query(first, 'CREATE TABLE gone AS SELECT 7 AS value');
    await first.stop();
    await damage(join(dataDir, 'cluster'));
    const second = await start();
    expect(await query(second, "SELECT to_regclass('gone') AS gone")).toEqual([{ gone: null }]);
    expect(await asideIn()).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/moved to .*cluster\.unusable-/);
  };

  it('is moved aside when it is of another major version', () =>
    damaged((cluster) => writeFile(join(cluster, 'PG_VERSION'), '12\n')));

  it('is moved aside when it is corrupt', () =>
    damaged((cluster) => truncate(join(cluster, 'global', 'pg_control'), 100)));

  it('is moved aside when its password is lost', () => damaged(() => rm(join(dataDir, 'postgres.secret'))));

  it('is not mistaken for a port that is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const other = await mkdtemp(join(dataDir, 'other-'));
    await chmod(other, 0o755);
    await expect(start({ dataDir: other, port })).rejects.toThrow(/could not bind/i);
    expect(await readdir(other)).not.toContainEqual(expect.stringContaining('unusable'));
  });
});

describe.runIf(process.getuid?.() === 0)('as root, with a data directory closed to others', () => {
  it('keeps the cluster where its unprivileged user can reach it', async () => {
    await chmod(dataDir, 0o700);
    const owner = await unprivilegedOwner();
    const cluster = await clusterFolder(dataDir, owner);
    expect(cluster.startsWith(dataDir)).toBe(false);
    const postgres = await start();
    expect(await query(postgres, "SELECT current_setting('data_directory') AS place")).toEqual([
      { place: cluster },
    ]);
    await postgres.stop();
    expect((await stat(cluster)).uid).toBe(owner?.uid);
  });

  it('leaves nothing there for data directories that are gone', async () => {
    await chmod(dataDir, 0o700);
    const owner = await unprivilegedOwner();
    const forgotten = await mkdtemp(join(tmpdir(), 'handoffrail-gone-'));
    const left = join(await clusterFolder(forgotten, owner), '..');
    await rm(forgotten, { recursive: true });
    const kept = join(await clusterFolder(dataDir, owner), '..');
    expect(existsSync(left)).toBe(false);
    expect(existsSync(kept)).toBe(true);
    await rm(kept, { recursive: true });
  });
});
