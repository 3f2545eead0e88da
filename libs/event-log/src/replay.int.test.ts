import { randomUUID } from 'node:crypto';
import { register } from 'prom-client';
import type { CommandReply } from '#libs/contracts';
import type { CommandId } from '#libs/packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, claim, create, newPacketId, progress, Rig, tenant } from './given.features.js';
import { handleCommand } from './index.js';
import type { PacketLog } from './index.js';

const keyed = (command_id: string, digest: string) => ({
  command_id: command_id as CommandId,
  request_digest: digest.repeat(64),
});

const kindOf = (reply: CommandReply): string => {
  if (reply.outcome === 'accepted') return reply.replayed ? 'replayed' : 'accepted';
  return reply.outcome === 'refused' ? reply.rejection.code : reply.code;
};

describe('a command under an idempotency key, in a process that has not seen it', () => {
  let rig: Rig;
  let log: PacketLog;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
  });
  afterAll(() => rig.stop());

  it('is answered as before, and told from another request under that key', async () => {
    const [packet_id, key] = [newPacketId(), randomUUID()];
    await handleCommand(log, create({ packet_id, ...keyed(key, 'a') }));
    const again = create({ packet_id, ...keyed(key, 'a') });
    expect(kindOf(await handleCommand(await rig.log(), again))).toBe('replayed');
    const other = create({ packet_id, ...keyed(key, 'b') });
    expect(kindOf(await handleCommand(await rig.log(), other))).toBe('idempotency_mismatch');
  });

  it('wins once when two processes get it at the same time, for one body or for two', async () => {
    for (const [first, second, loser] of [
      ['a', 'a', 'replayed'],
      ['a', 'b', 'idempotency_mismatch'],
    ] as const) {
      const [packet_id, key] = [newPacketId(), randomUUID()];
      const logs = [await rig.log(), await rig.log()] as const;
      const replies = await Promise.all([
        handleCommand(logs[0], create({ packet_id, ...keyed(key, first) })),
        handleCommand(logs[1], create({ packet_id, ...keyed(key, second) })),
      ]);
      expect(replies.map(kindOf).sort()).toEqual(['accepted', loser].sort());
      expect(await log.events(tenant, packet_id)).toHaveLength(1);
    }
  });

  it('is reckoned with the room that remembering it takes', async () => {
    const room = async (): Promise<number> =>
      (await register.getSingleMetric('handoffrail_log_cache_bytes')?.get())?.values[0]?.value ?? 0;
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    await handleCommand(log, claim({ packet_id }));
    const [loader, before] = [await rig.log(), await room()];
    for (let n = 0; n < 100; n += 1)
      await handleCommand(log, progress({ packet_id, ...keyed(randomUUID(), 'a') }, n));
    const [written, loading] = [await room(), loader.load(tenant, packet_id)];
    await loading;
    expect(written - before).toBeGreaterThan(100 * 800);
    expect((await room()) - written).toBeGreaterThan(100 * 800);
  });

  it('answers both of two chains at the same time with the one child', async () => {
    const [packet_id, childId, key] = [newPacketId(), newPacketId(), randomUUID()];
    await handleCommand(log, create({ packet_id }));
    const chaining = chain({ packet_id, ...keyed(key, 'a') }, childId);
    const logs = [await rig.log(), await rig.log()];
    for (const each of logs) await each.load(tenant, packet_id);
    const replies = await Promise.all(logs.map((each) => handleCommand(each, chaining)));
    expect(replies.map(kindOf).sort()).toEqual(['accepted', 'replayed']);
    for (const reply of replies) expect(reply).toMatchObject({ packet: { id: childId } });
  });
});
