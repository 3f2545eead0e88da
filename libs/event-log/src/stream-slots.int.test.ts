import { setTimeout as sleep } from 'node:timers/promises';
import { streams, streamSlotSubject } from '#libs/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Rig, until } from './given.features.js';
import { type Slot, StreamSlots } from './index.js';

describe('slots of live streams', () => {
  let rig: Rig;
  let slots: StreamSlots[];
  beforeAll(async () => {
    rig = await Rig.start();
    slots = await Promise.all(
      [0, 1].map(async () => new StreamSlots(await rig.connect(), { ttlSeconds: 2 })),
    );
  });
  afterAll(async () => {
    await Promise.all(slots.map((each) => each.close()));
    await rig.stop();
  });

  let serial = 0;
  const newTenant = (): string => `t${(serial += 1)}`;
  const take = (tenant: string, limit: number | null, at = 0): Promise<Slot | null> =>
    slots[at]!.take({ tenant, limit, onLost: vi.fn() });

  it('are never more than the limit, however many come at once from everywhere', async () => {
    const tenant = newTenant();
    const taken = await Promise.all(Array.from({ length: 40 }, (_, index) => take(tenant, 5, index % 2)));
    expect(taken.filter((slot) => slot !== null)).toHaveLength(5);
    expect(await slots[1]!.count(tenant)).toBe(5);
    expect(await slots[0]!.count(newTenant())).toBe(0);
  });

  it('are free again for others once they are released, and only once', async () => {
    const tenant = newTenant();
    const first = await take(tenant, 1);
    expect(await take(tenant, 1, 1)).toBeNull();
    first?.release();
    await until(async () => (await slots[0]!.count(tenant)) === 0);
    const second = await take(tenant, 1, 1);
    first?.release();
    await sleep(50);
    expect(second).not.toBeNull();
    expect(await slots[0]!.count(tenant)).toBe(1);
  });

  it('stay as long as their holder lives, and go when it dies', async () => {
    const tenant = newTenant();
    const dying = await rig.connect();
    const killed = new StreamSlots(dying, { ttlSeconds: 2 });
    await killed.take({ tenant, limit: 2, onLost: vi.fn() });
    await take(tenant, 2);
    await dying.close();
    expect(await take(tenant, 2)).toBeNull();
    await sleep(3_500);
    expect(await slots[0]!.count(tenant)).toBe(1);
    expect(await take(tenant, 2)).not.toBeNull();
  });

  it('are counted, and never refused, where there is no limit', async () => {
    const tenant = newTenant();
    const taken = await Promise.all(Array.from({ length: 7 }, (_, index) => take(tenant, null, index % 2)));
    expect(await slots[0]!.count(tenant)).toBe(7);
    expect(await take(tenant, 5)).toBeNull();
    taken.forEach((slot) => slot?.release());
    await until(async () => (await slots[0]!.count(tenant)) === 0);
  });

  it('tell their holder when they went and all others are taken', async () => {
    const [tenant, other] = [newTenant(), newTenant()];
    const [onLost, onOthersLost] = [vi.fn(), vi.fn()];
    await slots[0]!.take({ tenant, limit: 1, onLost });
    await slots[0]!.take({ tenant: other, limit: 2, onLost: onOthersLost });
    const jsm = await jetstreamManager(await rig.connect());
    for (const each of [tenant, other]) {
      await jsm.streams.purge(streams.streamSlots, { filter: streamSlotSubject(each, '1') });
      expect(await take(each, 1, 1)).not.toBeNull();
    }
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1), { timeout: 3_000 });
    // There was another one for this one.
    expect(onOthersLost).not.toHaveBeenCalled();
    expect(await slots[0]!.count(other)).toBe(2);
  });
});
