import { setTimeout as sleep } from 'node:timers/promises';
import type { PacketId } from '#libs/packet';
import { LogRig, LogService } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ExpiryTimers } from './expiry-timers.js';

const agent = (id: string) => ({ id, name: id });

describe('a packet with a time to live', { concurrent: true }, () => {
  let rig: LogRig;
  let service: LogService;
  let expiry: ExpiryTimers;

  beforeAll(async () => {
    rig = await LogRig.start();
    service = await rig.open((nats) => new LogService(nats));
    expiry = new ExpiryTimers(service.log, service.timers, { isEnded: () => false });
    expiry.onApplicationBootstrap();
  });
  afterAll(async () => {
    await expiry?.onModuleDestroy();
    await rig?.stop();
  });

  const until = (id: PacketId, status: string) =>
    vi.waitFor(async () => expect((await service.packet(id)).status).toBe(status), {
      timeout: 6_000,
      interval: 20,
    });

  it('expires at its time, not before, claimed or not', async () => {
    const [free, held, asks] = [
      await service.create({ ttl_seconds: 1 }),
      await service.create({ ttl_seconds: 1 }),
      await service.create({ ttl_seconds: 1, hitl: { reason: 'Sure?', required: true } }),
    ];
    await service.ask('claim', held, { agent: agent('bo'), claim_id: 'c1' });
    for (const id of [free, held, asks]) {
      await until(id, 'expired');
      const { updated_at, terms } = await service.packet(id);
      expect(Date.parse(updated_at)).toBeGreaterThanOrEqual(Date.parse(terms.expires_at ?? ''));
      expect(Date.parse(updated_at)).toBeLessThan(Date.parse(terms.expires_at ?? '') + 1_500);
    }
    const last = (await service.events(free)).at(-1);
    expect(last).toMatchObject({ type: 'packet.expired', actor: { type: 'system', id: 'rail' } });
  });

  it('that has ended before stays as it is', async () => {
    const id = await service.create({ ttl_seconds: 1 });
    await service.ask('claim', id, { agent: agent('bo'), claim_id: 'c1' });
    await service.ask('complete', id, { result: 1 });
    await sleep(1_600);
    expect(await service.packet(id)).toMatchObject({ status: 'completed', revision: 3 });
  });

  it('expires again when it was retried', async () => {
    const id = await service.create({ ttl_seconds: 1 });
    await until(id, 'expired');
    await service.ask('retry', id, {});
    expect((await service.packet(id)).status).toBe('created');
    await until(id, 'expired');
    expect((await service.packet(id)).revision).toBe(4);
  });

  it('keeps its time when its create comes again', async () => {
    const id = await service.create({ ttl_seconds: 1 });
    await sleep(600);
    const first = (await service.packet(id)).terms.expires_at;
    // As another process would: nothing of the packet in memory, and a later time in the body.
    const other = await rig.open((nats) => new LogService(nats));
    await expect(other.create({ ttl_seconds: 3_600 }, id)).rejects.toThrow('not accepted');
    await until(id, 'expired');
    expect((await service.packet(id)).terms.expires_at).toBe(first);
  });
});
