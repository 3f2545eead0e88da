import type { TenantId } from '#libs/packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim, create, newPacketId, Rig, tenant } from './given.features.js';
import { handleCommand } from './index.js';
import type { PacketLog, RecordedEvent } from './index.js';

const other = 'acme2' as TenantId;
const stranger = {
  tenant_id: other,
  principal: { tenant_id: other, key_id: 'key-2', role: 'writer', type: 'agent' },
} as const;

describe('reading the part of a tenant', () => {
  let rig: Rig;
  let log: PacketLog;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
    for (let round = 0; round < 5; round += 1) {
      const packet_id = newPacketId();
      const isOwn = round % 2 === 0;
      await handleCommand(log, isOwn ? create({ packet_id }) : create({ packet_id, ...stranger }));
      if (isOwn) await handleCommand(log, claim({ packet_id }));
    }
  });
  afterAll(() => rig.stop());

  const readAll = async (of: TenantId | undefined, limit: number): Promise<RecordedEvent[]> => {
    const found: RecordedEvent[] = [];
    for (let from = 1; ;) {
      const page = await log.read(from, limit, of);
      found.push(...page.events);
      if (page.end) return found;
      from = page.next;
    }
  };

  it.each([1, 2, 3, 100])('gives its own events in order, %i at a time', async (limit) => {
    const own = await readAll(tenant, limit);
    expect(own.map(({ sequence }) => sequence)).toEqual([1, 2, 4, 5, 7, 8]);
    expect(new Set(own.map(({ event }) => event.tenant_id))).toEqual(new Set([tenant]));
    expect((await readAll(other, limit)).map(({ sequence }) => sequence)).toEqual([3, 6]);
    expect(await readAll(undefined, limit)).toHaveLength(8);
  });

  it('ends where there is nothing, and knows where the log begins and ends', async () => {
    expect(await log.read(9, 10, tenant)).toEqual({ events: [], next: 9, end: true });
    expect(await log.read(1, 10, 'nobody' as TenantId)).toEqual({ events: [], next: 1, end: true });
    expect(await log.bounds()).toEqual({ first: 1, last: 8 });
  });
});
