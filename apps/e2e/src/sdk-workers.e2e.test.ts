import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HandoffRail, type PacketDocument } from '#libs/sdk';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('sdk-worker.mjs', import.meta.url));
const agentId = 'refunds-01';
const packets = 160;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('workers of the SDK, eight packets at once in each', () => {
  let server: Rail;
  let rail: HandoffRail;
  const workers: ChildProcess[] = [];

  const startWorker = (place: number): void => {
    const child = spawn(process.execPath, [script, server.url, server.key, agentId]);
    child.stderr.on('data', (text: Buffer) => process.stderr.write(text));
    workers[place] = child;
  };

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    rail = new HandoffRail({ baseUrl: server.url, apiKey: server.key });
  });

  afterAll(async () => {
    for (const child of workers) child.kill('SIGKILL');
    await server.stop();
  });

  const make = async (): Promise<PacketDocument[]> => {
    const one = (n: number) => ({
      sourceAgent: 'sales-01',
      targetAgent: agentId,
      summary: `Refund ${n}`,
      retry: { max_attempts: 100 },
    });
    return (await rail.batchCreatePackets(Array.from({ length: packets }, (_, n) => one(n)))).created;
  };

  const cancel = async ({ id }: PacketDocument): Promise<boolean> =>
    rail.cancelPacket(id, { reason: 'Called off' }).then(
      () => true,
      () => false,
    );

  // Longer asleep than the lease: it wakes up among packets that others have.
  const putToSleep = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGSTOP');
    await pause(3_000);
    child.kill('SIGCONT');
  };

  const disturb = async (made: PacketDocument[]): Promise<number> => {
    let cancelled = 0;
    const asleep: Promise<void>[] = [];
    for (let round = 0; round < 12; round += 1) {
      await pause(300);
      const place = round % workers.length;
      if (round % 3 === 0) {
        workers[place]!.kill('SIGKILL');
        startWorker(place);
      } else if (round % 3 === 1) asleep.push(putToSleep(workers[place]!));
      if (await cancel(made[(round * 37) % packets]!)) cancelled += 1;
    }
    await Promise.all(asleep);
    return cancelled;
  };

  const untilAllAreOver = async (): Promise<void> => {
    for (;;) {
      const { by_status: byStatus } = await rail.getStats();
      const { completed = 0, cancelled = 0 } = byStatus as Record<string, number>;
      if (completed + cancelled === packets) return;
      await pause(200);
    }
  };

  it('lose no packet and complete none twice while they are killed, put to sleep and called off', async () => {
    for (const place of [0, 1]) startWorker(place);
    const made = await make();
    const cancelled = await disturb(made);
    await untilAllAreOver();
    expect(cancelled).toBeGreaterThan(0);

    let attempts = 0;
    for (const { id } of made) {
      const types: string[] = [];
      for await (const { event_type } of rail.getPacketHistory(id)) types.push(event_type);
      attempts += types.filter((type) => type === 'packet.claimed').length;
      const ends = types.filter((type) => ['packet.completed', 'packet.cancelled'].includes(type));
      expect(ends).toHaveLength(1);
      expect(types.at(-1)).toBe(ends[0]);
    }
    // Otherwise nothing was disturbed.
    expect(attempts).toBeGreaterThan(packets - cancelled);
  });

  it('drain when they are asked to', async () => {
    const made = await make();
    await pause(500);
    const ended = workers.map(async (child) => {
      let said = '';
      child.stdout!.on('data', (text: Buffer) => (said += text.toString()));
      child.kill('SIGTERM');
      await once(child, 'exit');
      return { said, code: child.exitCode };
    });
    expect(await Promise.all(ended)).toEqual(workers.map(() => ({ said: 'drained\n', code: 0 })));
    const left = await Promise.all(made.map(({ id }) => rail.getPacket(id)));
    const statuses = new Set(left.map(({ status }) => status));
    statuses.delete('created');
    expect([...statuses]).toEqual(['completed']);
  });
});
