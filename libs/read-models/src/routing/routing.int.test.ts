import type { PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import { applyBatch } from '../projection.js';
import { acme, RecordedLog, umbrella } from '../recorded.features.js';
import { agentLoads, unroutedPackets, unroutedTenants } from './queries.js';

const source_agent = { id: 'sales-01', name: 'SalesBot' };
const to = (id: string) => ({ metadata: { source_agent, target_agent: { id, name: id } } });
const unnamed = (routing: object) => ({ metadata: { source_agent, target_agent: null }, routing });
const hitl = { required: true, reason: 'Sure?' };

describe('what the router asks', () => {
  const log = new RecordedLog();
  let database: FreshDatabase;
  let source: DataSource;
  const open: PacketId[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    source = database.dataSource;
    log.create(to('bo'));
    log.create({ ...to('bo'), hitl });
    const held = log.create(to('bo'));
    log.claim(held, 'bo');
    log.claim(log.create({ ...to('bo'), claim_policy: 'open' }), 'cy');
    for (const agent of ['bo', 'di']) {
      const done = log.create(to(agent));
      log.claim(done, agent);
      log.complete(done);
    }
    log.record('packet.cancelled', { id: log.create(to('bo')) }, {});
    open.push(log.create(unnamed({ capabilities: ['billing'], exclude: ['bo'] })));
    open.push(log.create(unnamed({})), log.create(unnamed({})));
    log.record('packet.rejected', { id: open[1]! }, { by: 'cy', reason: 'No', rerouted: true });
    const routed = log.create(unnamed({}));
    log.record(
      'packet.routed',
      { id: routed },
      { target: { id: 'ed', name: 'Ed' }, candidates: [], strategy: 'any', confidence: 0.1 },
    );
    log.create({ ...to('bo'), ...unnamed({}) }, umbrella);
    log.claim(log.create(to('bo'), umbrella), 'bo', umbrella);
    await applyBatch(source, log.events);
  });
  afterAll(() => database.stop());

  const loads = async (tenant: TenantId, ...ids: string[]) => {
    const rows = await agentLoads(source, tenant, ids);
    return Object.fromEntries(rows.map(({ id, ...load }) => [id, load]));
  };

  it('counts for each agent what waits for it and what it holds, of its tenant only', async () => {
    const found = await loads(acme, 'bo', 'cy', 'di', 'ed', 'nobody');
    expect(Object.fromEntries(Object.entries(found).map(([id, load]) => [id, load.open_packets]))).toEqual({
      bo: 3,
      cy: 1,
      di: 0,
      ed: 1,
      nobody: 0,
    });
    expect((await loads(umbrella, 'bo', 'cy'))['bo']?.open_packets).toBe(1);
    expect((await loads('nobody' as TenantId, 'bo'))['bo']).toEqual({ open_packets: 0 });
  });

  it('knows when each last had success', async () => {
    const found = await loads(acme, 'bo', 'cy', 'di');
    expect(found['cy']).not.toHaveProperty('last_success_at');
    expect(found['bo']!.last_success_at! < found['di']!.last_success_at!).toBe(true);
  });

  it('finds the packets without a target, the oldest first and page by page', async () => {
    const first = await unroutedPackets(source, acme, { limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(open.slice(0, 2));
    expect(first).toMatchObject([
      { source_agent: 'sales-01', routing: { capabilities: ['billing'], exclude: ['bo'] }, rejected_by: [] },
      { rejected_by: ['cy'] },
    ]);
    const rest = await unroutedPackets(source, acme, { after: first.at(-1), limit: 2 });
    expect(rest.map(({ id }) => id)).toEqual(open.slice(2));
    expect(await unroutedPackets(source, acme, { after: rest.at(-1), limit: 2 })).toEqual([]);
    expect(await unroutedPackets(source, 'nobody' as TenantId, { limit: 2 })).toEqual([]);
  });

  it('names the tenants that have any', async () => {
    expect(await unroutedTenants(source)).toEqual([acme, umbrella]);
  });
});
