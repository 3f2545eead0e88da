import { setTimeout as delay } from 'node:timers/promises';
import { instantAt, type PacketId, type TenantId } from '#libs/packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, AuditRig, deny, ending, mira, newTenant } from './given.features.js';
import { auditSchema, type AuditTrail, DenialBudget, parseAuditCursor } from './index.js';

describe('the audit', () => {
  let rig: AuditRig;
  let trail: AuditTrail;
  beforeAll(async () => {
    rig = await AuditRig.start();
    trail = rig.trail();
    rig.follow();
  });
  afterAll(() => rig?.stop());

  const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  const at = (minutes: number) => ({ at: instantAt(minutesAgo(minutes).getTime()) });

  it('shows a change that was made, with who made it', async () => {
    const tenant = newTenant();
    const made = attempt(tenant);
    await trail.begin(made);
    await trail.end(ending(made, 'done', { resource: '/api/v1/keys/k-1' }));
    await rig.settled(trail, tenant);
    expect((await rig.list(tenant)).entries).toEqual([
      {
        ...{
          id: made.id,
          timestamp: made.at,
          action: 'control.create_key',
          result: 'allowed',
          outcome: 'done',
        },
        ...{ actor: mira, resource: '/api/v1/keys/k-1', packet_id: null, reason: null },
        ...{ details: { name: 'worker' }, trace_id: made.trace_id, request_id: 'request-1', dropped: 0 },
      },
    ]);
  });

  it('shows one of which nobody lived to tell as unknown, and forgets one that was none', async () => {
    const tenant = newTenant();
    const [open, none, refused] = [attempt(tenant, at(3)), attempt(tenant, at(2)), attempt(tenant, at(1))];
    for (const one of [open, none, refused]) await trail.begin(one);
    await trail.end(ending(none, 'void'));
    const reason = { code: 'last_admin_key', detail: 'Make another first.' };
    await trail.end(ending(refused, 'refused', { reason }));
    await rig.settled(trail, tenant);
    const { entries } = await rig.list(tenant);
    expect(entries.map(({ id, result, outcome }) => [id, result, outcome])).toEqual([
      [refused.id, 'denied', 'refused'],
      [open.id, 'allowed', 'unknown'],
    ]);
    expect(entries[0]?.reason).toEqual(reason);
  });

  it('shows a change to the tenant that it concerns, too, known before or only at its end', async () => {
    const [platform, changed, made] = [newTenant(), newTenant(), newTenant()];
    const change = attempt(platform, { action: 'control.change_tenant', concerns: changed });
    const making = attempt(platform, { action: 'control.create_tenant' });
    await trail.begin(change);
    await trail.begin(making);
    await trail.end(ending(change, 'done', { concerns: changed }));
    await trail.end(ending(making, 'done', { concerns: made }));
    await rig.settled(trail, platform);
    expect((await rig.list(platform)).entries).toHaveLength(2);
    for (const [tenant, { id }] of [
      [changed, change],
      [made, making],
    ] as const)
      expect((await rig.list(tenant)).entries).toMatchObject([{ id, outcome: 'done' }]);
  });

  it('keeps refused attempts, and says how many it did not keep', async () => {
    const tenant = newTenant();
    const one = { burst: 1, perMinute: 6_000 };
    const stingy = rig.trail(new DenialBudget({ all: { burst: 9, perMinute: 1 }, tenant: one, key: one }));
    for (let count = 0; count < 4; count += 1) deny(stingy, tenant);
    await delay(30);
    deny(stingy, tenant);
    await rig.settled(stingy, tenant);
    const { entries } = await rig.list(tenant, { filter: { result: 'denied' } });
    expect(entries.map(({ dropped }) => dropped)).toEqual([3, 0]);
    expect(entries[0]).toMatchObject({ result: 'denied', outcome: 'refused', reason: { code: 'forbidden' } });
    stingy.close();
  });

  describe('with changes, refusals and what happened to packets', () => {
    const tenant = newTenant();
    let packet: PacketId;
    beforeAll(async () => {
      for (let minute = 1; minute <= 30; minute += 3) {
        const made = attempt(tenant, {
          ...at(minute),
          ...(minute === 1 && { action: 'schemas.register_schema' }),
        });
        await trail.begin(made);
        await trail.end(ending(made, 'done'));
        deny(trail, tenant, at(minute + 1));
        ({ packet } = await rig.packetEvent(tenant, minutesAgo(minute + 2)));
      }
      await rig.packetEvent(tenant, minutesAgo(0), packet);
      await rig.settled(trail, tenant);
    });

    const actions = async (filter: object) =>
      (await rig.list(tenant, { filter, limit: 200 })).entries.map(({ action }) => action);

    it('lists all of them, newest first', async () => {
      const { entries, next_cursor } = await rig.list(tenant, { limit: 200 });
      expect(entries).toHaveLength(31);
      expect(next_cursor).toBeNull();
      const times = entries.map(({ timestamp }) => timestamp);
      expect(times).toEqual([...times].sort().reverse());
    });

    it.each([1, 2, 7, 10, 31])('gives each once on pages of %i', async (limit) => {
      const all = (await rig.list(tenant, { limit: 200 })).entries;
      const walked = [];
      let cursor: string | null = null;
      do {
        const page = await rig.list(tenant, {
          limit,
          ...(cursor && { from: parseAuditCursor(cursor) ?? undefined }),
        });
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        walked.push(...page.entries);
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(walked).toEqual(all);
    });

    it.each([1, 3, 8])('finds each once when it may look at %i rows at a time', async (scan) => {
      const walked = [];
      let cursor: string | null = null;
      do {
        const page = await rig.list(tenant, {
          ...{ filter: { action: 'schemas.*' }, limit: 5, scan },
          ...(cursor && { from: parseAuditCursor(cursor) ?? undefined }),
        });
        walked.push(...page.entries.map(({ action }) => action));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(walked).toEqual(['schemas.register_schema']);
    });

    it('narrows by result, action, actor, packet and time', async () => {
      expect(new Set(await actions({ result: 'denied' }))).toEqual(new Set(['control.revoke_key']));
      expect(await actions({ result: 'allowed' })).toHaveLength(21);
      expect(await actions({ action: 'packet.claimed' })).toEqual(['packet.claimed']);
      expect(await actions({ action: 'control.*' })).toHaveLength(19);
      expect(await actions({ action: 'control' })).toEqual([]);
      expect(await actions({ actor: mira.key_prefix })).toHaveLength(20);
      expect(await actions({ actor: 'key-billing' })).toHaveLength(11);
      expect(await actions({ packet_id: packet })).toEqual(['packet.claimed', 'packet.created']);
      expect(await actions({ after: instantAt(minutesAgo(2.5).getTime()) })).toHaveLength(3);
      expect(await actions({ before: instantAt(minutesAgo(29.5).getTime()) })).toHaveLength(1);
    });

    it('is nobody else’s', async () => {
      expect((await rig.list(newTenant())).entries).toEqual([]);
    });
  });

  it('is kept for as long as its tenant has it kept, on the stream as in the table', async () => {
    const [weekly, kept] = [newTenant(), newTenant()];
    const day = 24 * 60;
    for (const tenant of [weekly, kept])
      for (const age of [30, 8, 6, 0]) {
        const made = attempt(tenant, at(age * day));
        await trail.begin(made);
        await trail.end(ending(made, 'done'));
      }
    await rig.settled(trail, kept);
    const retentionDays = (tenant: TenantId) => (tenant === weekly ? 7 : null);
    expect(await rig.sweep({ retentionDays })).toBe(2);
    expect((await rig.list(weekly)).entries).toHaveLength(2);
    // The end of the last that went stays behind: it is of nothing, and goes with the next.
    expect(await rig.onStream(weekly)).toBe(5);
    expect((await rig.list(kept)).entries).toHaveLength(4);
    expect(await rig.onStream(kept)).toBe(8);
    expect(await rig.sweep({ retentionDays })).toBe(0);
  });

  it('keeps only so many refused attempts, and all changes', async () => {
    const tenant = newTenant();
    for (let count = 9; count > 0; count -= 1) deny(trail, tenant, at(count));
    await trail.begin(attempt(tenant, at(10)));
    await rig.settled(trail, tenant);
    const newest = (await rig.list(tenant, { filter: { result: 'denied' } })).entries.slice(0, 4);
    await rig.sweep({ retentionDays: () => null, mostDenials: 4 });
    const { entries } = await rig.list(tenant);
    expect(entries.filter(({ result }) => result === 'denied')).toEqual(newest);
    expect(entries).toHaveLength(5);
    expect(await rig.onStream(tenant)).toBe(5);
  });

  it('goes on where it was, by however many it is written', async () => {
    const tenant = newTenant();
    const others = [rig.follow(), rig.follow()];
    const made = Array.from({ length: 60 }, () => attempt(tenant));
    await Promise.all(made.map((one) => trail.begin(one)));
    await others[0]?.stop();
    await Promise.all(made.map((one) => trail.end(ending(one, 'done'))));
    await rig.settled(trail, tenant);
    const { entries } = await rig.list(tenant, { limit: 200, filter: {} });
    expect(entries.filter(({ outcome }) => outcome === 'done')).toHaveLength(60);
  });

  it('is made anew from its stream when its tables are lost', async () => {
    const tenant = newTenant();
    await trail.begin(attempt(tenant));
    await rig.settled(trail, tenant);
    const before = await rig.list(tenant);
    await rig.readModels.query(`drop schema ${auditSchema} cascade`);
    await rig.settled(trail, tenant);
    expect(await rig.list(tenant)).toEqual(before);
  });
});
