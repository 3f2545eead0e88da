import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../process/processes.js';
import { type EmbeddedPostgres, startPostgres } from './start-postgres.js';

// The child process runs the built program, so this needs `npm run build`, which `npm test` does first.
const program = new URL('../../../../dist/libs/embedded/postgres/pglite-server.js', import.meta.url);

describe.skipIf(!existsSync(program))('PGlite in place of the native server', () => {
  let dataDir: string;
  let postgres: EmbeddedPostgres | undefined;
  let pool: Pool;

  const start = async (): Promise<EmbeddedPostgres> => {
    postgres = await startPostgres({ dataDir, supervise: true, engine: 'pglite' });
    pool = new Pool({ connectionString: postgres.url, max: 8 });
    pool.on('error', () => undefined);
    return postgres;
  };

  const stop = async () => {
    await pool.end();
    await postgres?.stop();
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
  });

  afterEach(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('serves a pool of clients that know the password, survives a kill, keeps its data, and goes', async () => {
    const first = await start();
    expect(first.source).toContain('PGlite');
    await pool.query('CREATE TABLE kept AS SELECT 7 AS value');
    const sums = await Promise.all(
      Array.from({ length: 50 }, (_, index) => pool.query('SELECT $1::int + 1 AS sum', [index])),
    );
    expect(sums.map(({ rows }) => (rows as { sum: number }[])[0]?.sum)).toEqual(
      sums.map((_, index) => index + 1),
    );

    const stranger = new URL(first.url);
    stranger.password = 'guess';
    const refused = new Pool({ connectionString: stranger.href });
    await expect(refused.query('SELECT 1')).rejects.toThrow(/password/);
    await refused.end();

    process.kill(first.pid()!, 'SIGKILL');
    await vi.waitFor(async () => expect((await pool.query('SELECT value FROM kept')).rowCount).toBe(1), {
      timeout: 30_000,
      interval: 50,
    });

    const pid = first.pid()!;
    await stop();
    expect(await isRunning(pid)).toBe(false);
    await start();
    expect((await pool.query('SELECT value FROM kept')).rows).toEqual([{ value: 7 }]);
  });

  it('never gives one client’s parameters to the statement of another, and keeps transactions apart', async () => {
    await start();
    await pool.query('CREATE TABLE counts (name text PRIMARY KEY, value int NOT NULL)');
    await pool.query("INSERT INTO counts VALUES ('all', 0)");
    // Whose parameters got into the other's statement would be refused, or answer with another's value.
    const asText = async (nth: number): Promise<unknown> =>
      (await pool.query('SELECT $1::text AS value', [`text ${nth}`])).rows[0];
    const asJson = async (nth: number): Promise<unknown> =>
      (await pool.query("SELECT ($1::json ->> 'value')::int AS value", [JSON.stringify({ value: nth })]))
        .rows[0];
    // After an error the server passes over what comes until the end of the request, whosever it is.
    const asMistake = (nth: number): Promise<unknown> =>
      pool
        .query('SELECT value FROM missing WHERE value = $1', [nth])
        .catch((error: { code: string }) => error.code);
    const count = async (nth: number): Promise<void> => {
      const client = await pool.connect();
      await client.query('BEGIN');
      const { rows } = await client.query('SELECT value FROM counts WHERE name = $1', ['all']);
      await client.query('UPDATE counts SET value = $1 WHERE name = $2', [rows[0].value + 1, 'all']);
      await client.query(nth % 5 === 0 ? 'ROLLBACK' : 'COMMIT');
      client.release();
    };
    await Promise.all(
      Array.from({ length: 200 }, async (_, nth) => {
        expect(await asMistake(nth)).toBe('42P01');
        expect(await asText(nth)).toEqual({ value: `text ${nth}` });
        expect(await asJson(nth)).toEqual({ value: nth });
        if (nth % 4 === 0) await count(nth);
      }),
    );
    expect((await pool.query('SELECT value FROM counts')).rows).toEqual([{ value: 40 }]);
  });

  it('gives the session on when a client dies within a transaction', async () => {
    const { url } = await start();
    await pool.query('CREATE TABLE left_over (value int)');
    const dying = new Client({ connectionString: url });
    dying.on('error', () => undefined);
    await dying.connect();
    await dying.query('BEGIN');
    await dying.query('INSERT INTO left_over VALUES (1)');
    const waiting = pool.query('SELECT count(*)::int AS rows FROM left_over');
    (dying as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await waiting).rows).toEqual([{ rows: 0 }]);
  });
});
