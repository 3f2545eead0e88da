import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import {
  connectNats,
  handleCommand,
  newSpanId,
  newTraceId,
  PacketLog,
  provision,
  uuidv7,
} from '#libs/event-log';
import { type CreateInput, instantAt, normalizeNewPacket, type PacketId, type TenantId } from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import { Timers } from '#libs/timers';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ExpiryTimers } from './expiry-timers.js';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const tenant = 'acme' as TenantId;
const agent = (id: string) => ({ id, name: id });

describe('a packet with a time to live', { concurrent: true }, () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let timers: Timers;
  let log: PacketLog;
  let expiry: ExpiryTimers;

  beforeAll(async () => {
    servers = await startServers();
    nats = await connectNats(servers.natsUrl, 'expiry-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    timers = new Timers(nats, { logger: quiet });
    log = new PacketLog(nats, { logger: quiet, timers });
    expiry = new ExpiryTimers(log, timers);
    expiry.onApplicationBootstrap();
  });
  afterAll(async () => {
    await expiry?.onModuleDestroy();
    log?.close();
    await timers?.close();
    await nats?.close();
    await servers?.stop();
  });

  // eslint-disable-next-line max-params -- what a command is, in order; the last is rare
  const ask = (type: string, packet_id: PacketId, data: object, on = log): Promise<CommandReply> =>
    handleCommand(on, {
      type,
      data,
      meta: {
        command_id: uuidv7(),
        tenant_id: tenant,
        packet_id,
        principal: { tenant_id: tenant, key_id: 'k', role: 'writer', type: 'agent' },
        traceparent: `00-${newTraceId()}-${newSpanId()}-00`,
      },
    } as CommandRequest);
  const create = async (more: Partial<CreateInput>, id = uuidv7() as PacketId): Promise<PacketId> => {
    const metadata = { source_agent: agent('ana'), target_agent: agent('bo') };
    const body = { metadata, context: { summary: 'Pay' }, ...more };
    const packet = normalizeNewPacket(body, { now: instantAt(Date.now()) });
    await ask('create', id, { packet, trace_id: newTraceId(), approval_id: uuidv7() });
    return id;
  };
  const packet = async (id: PacketId) => {
    const loaded = (await log.load(tenant, id)).packet;
    if (loaded.status === 'absent') throw new Error('no packet');
    return loaded;
  };
  const until = (id: PacketId, status: string) =>
    vi.waitFor(async () => expect((await packet(id)).status).toBe(status), { timeout: 6_000, interval: 20 });

  it('expires at its time, not before, claimed or not', async () => {
    const [free, held, asks] = [
      await create({ ttl_seconds: 1 }),
      await create({ ttl_seconds: 1 }),
      await create({ ttl_seconds: 1, hitl: { reason: 'Sure?', required: true } }),
    ];
    await ask('claim', held, { agent: agent('bo'), claim_id: 'c1' });
    for (const id of [free, held, asks]) {
      await until(id, 'expired');
      const { updated_at, terms } = await packet(id);
      expect(Date.parse(updated_at)).toBeGreaterThanOrEqual(Date.parse(terms.expires_at ?? ''));
      expect(Date.parse(updated_at)).toBeLessThan(Date.parse(terms.expires_at ?? '') + 1_500);
    }
    const last = (await log.events(tenant, free)).at(-1)?.event;
    expect(last).toMatchObject({ type: 'packet.expired', actor: { type: 'system', id: 'rail' } });
  });

  it('that has ended before stays as it is', async () => {
    const id = await create({ ttl_seconds: 1 });
    await ask('claim', id, { agent: agent('bo'), claim_id: 'c1' });
    await ask('complete', id, { result: 1 });
    await sleep(1_600);
    expect(await packet(id)).toMatchObject({ status: 'completed', revision: 3 });
  });

  it('expires again when it was retried', async () => {
    const id = await create({ ttl_seconds: 1 });
    await until(id, 'expired');
    await ask('retry', id, {});
    expect((await packet(id)).status).toBe('created');
    await until(id, 'expired');
    expect((await packet(id)).revision).toBe(4);
  });

  it('keeps its time when its create comes again', async () => {
    const id = await create({ ttl_seconds: 1 });
    await sleep(600);
    const first = (await packet(id)).terms.expires_at;
    // As another process would: nothing of the packet in memory, and a later time in the body.
    const other = new PacketLog(nats, { logger: quiet, timers });
    const again = normalizeNewPacket(
      {
        metadata: { source_agent: agent('ana'), target_agent: agent('bo') },
        context: { summary: 'Pay' },
        ttl_seconds: 3_600,
      },
      { now: instantAt(Date.now()) },
    );
    await ask('create', id, { packet: again, trace_id: newTraceId(), approval_id: uuidv7() }, other);
    other.close();
    await until(id, 'expired');
    expect((await packet(id)).terms.expires_at).toBe(first);
  });
});
