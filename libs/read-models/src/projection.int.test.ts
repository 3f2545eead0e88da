import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkpoint,
  createDataSource,
  listPackets,
  migrate,
  packetHistory,
  Projection,
  replay,
} from './index.js';
import { applyBatch } from './projection.js';
import { freshDatabase } from './database.features.js';
import { acme, RecordedLog } from './recorded.features.js';

describe('projection', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.stop());

  it('lists', async () => {
    const log = new RecordedLog();
    const id = log.create();
    log.claim(id);
    const applied = await applyBatch(database.dataSource, log.events);
    expect(applied.position).toBe(2);
    const page = await listPackets(database.dataSource, acme, {});
    expect(page.packets.map((p) => [p.id, p.status])).toEqual([[id, 'claimed']]);
  });
});
