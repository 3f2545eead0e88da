import type { Instant, PacketId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from './database.features.js';
import {
  applyBatch,
  checkpoint,
  createDataSource,
  listPackets,
  migrate,
  Projection,
  replay,
  verify,
} from './index.js';
import type { LoggedEvent } from './logged-event.js';
import { acme, openApproval, RecordedLog, umbrella } from './recorded.features.js';

/** Checkpoints that open, are climbed, are replaced and end, of two packets in turns. */
const askPeople = (log: RecordedLog): void => {
  const hitl = { reason: 'Why not', approvers: [{ id: 'ana', kind: 'user' }] };
  const [first, second] = [log.create({ hitl }), log.create({ hitl })];
  const { approval: asked } = log.packet(first);
  if (asked === undefined) throw new Error('no checkpoint');
  const approvers = [{ id: 'bo', kind: 'user' as const }];
  log.record('packet.approval_escalated', { id: first }, { approval_id: asked.id, step: 1, approvers });
  log.record('packet.cancelled', { id: second }, {});
  const replaced_by = openApproval(asked.policy, 'approval-again');
  log.record('packet.updated', { id: first }, { patch: { context: { summary: 'Anew' } } });
  const data = { approval_id: asked.id, reason: 'content_changed', replaced_by };
  log.record('packet.approval_voided', { id: first }, data);
  log.record('packet.approval_timed_out', { id: first }, { approval_id: 'approval-again', effect: 'deny' });
};

const busyLog = (): RecordedLog => {
  const log = new RecordedLog();
  const ids = Array.from({ length: 12 }, (_, serial) =>
    log.create({ metadata: { tags: [`t${serial % 3}`, 'all'] } }, serial % 4 === 0 ? umbrella : acme),
  );
  ids.forEach((id, serial) => {
    const tenant = serial % 4 === 0 ? umbrella : acme;
    log.claim(id, 'billing-01', tenant);
    if (serial % 2 === 0) log.complete(id, tenant);
    else
      log.record(
        'packet.updated',
        { id, tenant },
        { patch: { context: { summary: `New ${serial}` }, metadata: { tags: ['moved'] } } },
      );
  });
  askPeople(log);
  return log;
};

describe('the projection', () => {
  let database: FreshDatabase;
  let source: DataSource;
  const equalToLog = async (log: RecordedLog) => {
    const { equal, tables } = await verify(database.url, log);
    expect(tables.filter((table) => !table.equal)).toEqual([]);
    expect(equal).toBe(true);
  };
  const inBatches = async (events: readonly LoggedEvent[], size: number) => {
    for (let at = 0; at < events.length; at += size) await applyBatch(source, events.slice(at, at + size));
  };

  beforeEach(async () => {
    database = await freshDatabase();
    source = database.dataSource;
  });
  afterEach(() => database.stop());

  it.each([1, 2, 7, 1_000])('comes to the same tables in batches of %i', async (size) => {
    const log = busyLog();
    await inBatches(log.events, size);
    expect(await checkpoint(source)).toBe(log.events.length);
    await equalToLog(log);
  });

  it('changes nothing when it is given the same events again', async () => {
    const log = busyLog();
    await applyBatch(source, log.events);
    const again = await applyBatch(source, log.events);
    expect(again).toEqual({ position: log.events.length, changes: [] });
    await inBatches(log.events, 5);
    await equalToLog(log);
  });

  it('applies what precedes a gap and tells of it', async () => {
    const { events } = busyLog();
    const applied = await applyBatch(source, [...events.slice(0, 3), ...events.slice(5)]);
    expect(applied).toMatchObject({ position: 3, gap: { after: 3, found: 6 } });
    expect(await checkpoint(source)).toBe(3);
    expect(await applyBatch(source, events.slice(10))).toMatchObject({
      position: 3,
      gap: { after: 3, found: 11 },
    });
  });

  it('passes over what the log itself no longer has', async () => {
    const log = busyLog();
    log.holes.add(2).add(5).add(log.events.length);
    await replay(new Projection(source), log, { from: 1, pageSize: 3 });
    expect(await checkpoint(source)).toBe(log.events.length - 1);
  });

  it('stays right when two projectors write at once', async () => {
    const log = busyLog();
    const other = createDataSource(database.url);
    await migrate(other);
    const both = [new Projection(source), new Projection(other)];
    await Promise.all(both.map((projection) => replay(projection, log, { from: 1, pageSize: 2 })));
    await other.destroy();
    await equalToLog(log);
  });

  it('goes on from the checkpoint after a batch that was not written', async () => {
    const log = busyLog();
    const projection = new Projection(source);
    await projection.apply(log.events.slice(0, 10));
    await source.query('alter table handoffrail.packet_history rename to hidden');
    const failing = [projection.apply(log.events.slice(10, 15)), projection.apply(log.events.slice(15))];
    await expect(failing[0]).rejects.toThrow('packet_history');
    expect(await failing[1]).toMatchObject({ position: 10, gap: { after: 10, found: 16 } });
    await source.query('alter table handoffrail.hidden rename to packet_history');
    await replay(projection, log, { from: 1 });
    await equalToLog(log);
  });

  it('reads packets back that it does not have in memory', async () => {
    const log = busyLog();
    const forgetful = new Projection(source, { cacheBytes: 1 });
    await replay(forgetful, log, { from: 1, pageSize: 4 });
    await equalToLog(log);
  });

  it('never refuses a recorded event', async () => {
    const log = new RecordedLog();
    const id = log.create({ context: { summary: 'nul \u0000 lone \ud800 kept \\u0000' } });
    log.complete(id);
    log.record('packet.claimed', { id: '01980000-0000-7000-8000-00000000ffff' as typeof id }, {
      claim: {},
    } as never);
    await applyBatch(source, log.events);
    const { packets } = await listPackets(source, acme);
    expect(packets.map(({ context }) => context.summary)).toEqual(['nul \ufffd lone \ufffd kept \\u0000']);
    await equalToLog(log);
  });

  it('passes over an event that no row can be made of, and no other', async () => {
    const log = new RecordedLog();
    const good = log.create();
    const bad = log.create();
    log.events[1]!.event.occurred_at = 'no time' as Instant;
    const worse = log.create();
    Object.assign(log.events[2]!.event, { data: { content: null } });
    log.claim(good);
    log.claim(bad);
    log.claim(worse);
    log.claim('nobody' as PacketId);
    const { position, passedOver } = await applyBatch(source, log.events);
    expect(position).toBe(7);
    expect(passedOver?.map(({ sequence }) => sequence)).toEqual([2, 3, 7]);
    const { packets } = await listPackets(source, acme);
    expect(packets.map(({ id, status }) => [id, status])).toEqual([[good, 'claimed']]);
    await equalToLog(log);
  });

  it('indexes a text of any size', async () => {
    const log = new RecordedLog();
    const words = Array.from({ length: 120_000 }, (_, serial) => `wörd-${serial}/x.${serial}`).join(' ');
    log.create({ context: { conversation_state: [{ role: 'user', content: words }] } });
    await applyBatch(source, log.events);
    expect(await checkpoint(source)).toBe(1);
  });
});

describe('migrate', () => {
  it('may be called by any number of processes at once', async () => {
    const database = await freshDatabase();
    await database.dataSource.query('drop schema handoffrail cascade');
    const sources = Array.from({ length: 5 }, () => createDataSource(database.url, { poolSize: 2 }));
    await Promise.all(sources.map((source) => migrate(source)));
    expect(await checkpoint(database.dataSource)).toBe(0);
    await Promise.all(sources.map((source) => source.destroy()));
    await database.stop();
  });

  it('makes the tables that the entities describe', async () => {
    const database = await freshDatabase();
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    const changes = upQueries.map(({ query }) => query).filter((query) => !query.startsWith('DROP INDEX'));
    expect(changes).toEqual([]);
    await database.stop();
  });
});
