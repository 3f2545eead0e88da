import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import { applyBatch, backlogOfAll, migrate } from '../index.js';
import { acme, RecordedLog } from '../recorded.features.js';
import { backlogOf } from './backlog.js';

describe('the backlog', () => {
  let database: FreshDatabase;
  beforeAll(async () => (database = await freshDatabase()));
  afterAll(() => database.stop());

  it('counts what was there before there were counters for it', async () => {
    const source = database.dataSource;
    const log = new RecordedLog();
    for (const priority of ['low', 'high', 'high', 3, 9]) log.create({ metadata: { priority } });
    log.claim(log.create({ metadata: { priority: 'critical' } }));
    await applyBatch(source, log.events);
    const before = await backlogOfAll(source);
    expect(before.waiting).toEqual({ low: 2, normal: 0, high: 2, critical: 1 });
    await source.query("delete from handoffrail.packet_counts where status like 'waiting%'");
    await source.query("delete from handoffrail.migrations where name like 'WaitingCounts%'");
    expect((await backlogOfAll(source)).waiting).toEqual({ low: 0, normal: 0, high: 0, critical: 0 });
    await migrate(source);
    expect((await backlogOfAll(source)).waiting).toEqual(before.waiting);
  });

  it('leaves out of the waiting what is put off', async () => {
    const source = database.dataSource;
    const now = new Date('2026-03-01T00:00:00.000Z');
    await source.query('update handoffrail.packets set available_at = $1 where status = $2', [
      '2026-03-01T00:00:01.000Z',
      'created',
    ]);
    expect((await backlogOf(source, acme, now)).oldest_waiting_seconds).toBeNull();
    const later = await backlogOf(source, acme, new Date('2026-03-01T00:01:01.000Z'));
    expect(later.oldest_waiting_seconds).toBe(60);
  });
});
