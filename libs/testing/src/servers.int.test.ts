import { describe, expect, inject, it } from 'vitest';
import { startServers } from './servers.js';
import { Client } from 'pg';

describe('the servers of a test file', () => {
  it('gives a NATS of its own and fresh databases on the shared Postgres', async () => {
    const servers = await startServers({ postgres: true });
    const other = await servers.newDatabase();
    expect(other).not.toBe(servers.databaseUrl);
    expect(new URL(other).port).toBe(new URL(inject('postgresUrl')).port);
    const client = new Client({ connectionString: other });
    await client.connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    await servers.stop();
    expect(servers.nats.pid()).toBeUndefined();
  });
});
