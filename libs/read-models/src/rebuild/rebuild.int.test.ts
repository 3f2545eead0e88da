import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import {
  applyBatch,
  checkpoint,
  listPackets,
  Projection,
  rebuild,
  replay,
  searchPackets,
  verify,
  type Progress,
} from '../index.js';
import { acme, RecordedLog } from '../recorded.features.js';

const schemas = async (source: DataSource): Promise<string[]> => {
  const rows = await source.query<{ name: string }[]>(
    "select nspname as name from pg_namespace where nspname like 'handoffrail%' order by 1",
  );
  return rows.map(({ name }) => name);
};

const indexes = (source: DataSource) =>
  source.query<unknown[]>(
    "select indexname, indexdef from pg_indexes where schemaname = 'handoffrail' order by 1",
  );

describe('a rebuild', () => {
  let database: FreshDatabase;
  let source: DataSource;
  let log: RecordedLog;
  beforeEach(async () => {
    database = await freshDatabase();
    source = database.dataSource;
    log = new RecordedLog();
    for (let serial = 0; serial < 40; serial += 1) {
      const id = log.create();
      if (serial % 2 === 0) log.claim(id);
    }
    await replay(new Projection(source), log, { from: 1 });
  });
  afterEach(() => database.stop());

  it('puts right what was wrong, and leaves nothing behind', async () => {
    const before = await indexes(source);
    await source.query("update handoffrail.packets set status = 'failed'");
    const progress: Progress[] = [];
    const rebuilt = await rebuild(database.url, log, { onProgress: (one) => progress.push(one) });
    expect(rebuilt.position).toBe(60);
    expect((await verify(database.url, log)).equal).toBe(true);
    expect(await schemas(source)).toEqual(['handoffrail']);
    expect(await indexes(source)).toEqual(before);
    expect(progress.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['replaying', 'indexing', 'switching']),
    );
    expect(progress.find(({ phase }) => phase === 'replaying')).toMatchObject({
      done: 60,
      total: 60,
      percent: 100,
    });
  });

  it('lets readers and the projector go on', async () => {
    const projection = new Projection(source);
    let isBuilding = true;
    const reading = (async () => {
      while (isBuilding) {
        const { total } = await listPackets(source, acme, { filter: { target_agent: 'billing-01' } });
        expect(total).toBeGreaterThanOrEqual(40);
      }
    })();
    const projecting = (async () => {
      while (isBuilding) {
        const id = log.create();
        log.claim(id);
        await projection.apply(log.events.slice(-2));
      }
    })();
    await rebuild(database.url, log);
    isBuilding = false;
    await Promise.all([reading, projecting]);
    expect(await checkpoint(source)).toBe(log.events.length);
    log.create();
    await projection.apply(log.events);
    expect(await verify(database.url, log)).toMatchObject({ equal: true, position: log.events.length });
  });

  it('leaves the live tables alone when it fails', async () => {
    const broken = {
      read: () => Promise.reject(new Error('the log is gone')),
      lastSequence: () => Promise.resolve(9),
    };
    await expect(rebuild(database.url, broken)).rejects.toThrow('the log is gone');
    expect(await schemas(source)).toEqual(['handoffrail']);
    expect(await checkpoint(source)).toBe(60);
  });

  it('refuses a log that ends before the live tables', async () => {
    await expect(rebuild(database.url, new RecordedLog())).rejects.toThrow('another log');
    await expect(verify(database.url, new RecordedLog())).rejects.toThrow('another log');
    expect(await schemas(source)).toEqual(['handoffrail']);
    expect(await checkpoint(source)).toBe(60);
  });

  it('makes tables that can be searched', async () => {
    await source.query('truncate handoffrail.packet_search, handoffrail.search_counts');
    expect((await searchPackets(source, acme, { q: 'enterprise' })).total).toBe(0);
    await rebuild(database.url, log);
    expect((await searchPackets(source, acme, { q: 'enterprise' })).total).toBe(40);
  });
});

describe('a verification', () => {
  it('names the rows that differ', async () => {
    const database = await freshDatabase();
    const source = database.dataSource;
    const log = new RecordedLog();
    const ids = [log.create(), log.create(), log.create()];
    await applyBatch(source, log.events);
    expect((await verify(database.url, log)).equal).toBe(true);
    await source.query(`update handoffrail.packets set revision = 7 where id = '${ids[0]}'`);
    await source.query(`delete from handoffrail.packets where id = '${ids[1]}'`);
    await source.query(`update handoffrail.packets set id = '${crypto.randomUUID()}' where id = '${ids[2]}'`);
    const { equal, tables, position } = await verify(database.url, log);
    const { differences } = tables.find(({ table }) => table === 'packets') ?? {};
    expect([equal, position]).toEqual([false, 3]);
    expect(tables.filter((table) => !table.equal).map(({ table }) => table)).toEqual(['packets']);
    expect(differences?.map(({ problem }) => problem).sort()).toEqual([
      'missing in the live models',
      'missing in the live models',
      'not the same',
      'only in the live models',
    ]);
    expect(differences).toContainEqual({ key: `acme ${ids[0]}`, problem: 'not the same' });
    expect(await schemas(source)).toEqual(['handoffrail']);
    await database.stop();
  });
});
