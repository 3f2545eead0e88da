import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
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
});
