import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandoffRail } from './client.js';
import { AuthenticationError } from './errors.js';
import type { PacketDocument } from './generated/wire.js';
import { TerminalError, type WorkHandler, WorkStoppedError } from './work.js';
import type { Worker, WorkerOptions } from './worker.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a worker', () => {
  let server: Rail;
  let rail: HandoffRail;
  let agents = 0;

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    rail = new HandoffRail({ baseUrl: server.url, apiKey: server.key });
  });

  afterAll(() => server.stop());

  /** A worker of an agent of its own, and what makes work for it. */
  const start = (handler: WorkHandler, more: Partial<WorkerOptions> = {}) => {
    const agentId = `worker-${(agents += 1)}`;
    const errors: unknown[] = [];
    const options = {
      agentId,
      leaseSeconds: 2,
      waitSeconds: 5,
      onError: (error: unknown) => errors.push(error),
    };
    const worker = rail.worker({ ...options, ...more }, handler);
    const give = (body = {}) =>
      rail.createPacket({ sourceAgent: 'boss', targetAgent: agentId, summary: 'Work', ...body });
    return { worker, errors, give, agentId };
  };

  const until = async (id: string, status: PacketDocument['status']): Promise<PacketDocument> => {
    for (;;) {
      const packet = await rail.getPacket(id);
      if (packet.status === status) return packet;
      await pause(50);
    }
  };

  const stopAll = (...workers: Worker[]) => Promise.all(workers.map((worker) => worker.stop()));

  it('does several packets at once, and completes each with its result', async () => {
    let most = 0;
    const { worker, give } = start(
      async ({ context }) => {
        most = Math.max(most, worker.active);
        await pause(200);
        return { echo: context.summary };
      },
      { concurrency: 3 },
    );
    const made = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((summary) => give({ summary })));
    const done = await Promise.all(made.map(({ id }) => until(id, 'completed')));
    expect(done.map(({ result }) => result)).toEqual(['a', 'b', 'c', 'd', 'e'].map((echo) => ({ echo })));
    expect(most).toBe(3);
    await stopAll(worker);
  });

  it('keeps its lease for as long as the work takes', async () => {
    const { worker, give, errors } = start(() => pause(3_500));
    const done = await until((await give()).id, 'completed');
    expect(done.claim?.attempt ?? 1).toBe(1);
    expect(errors).toEqual([]);
    await stopAll(worker);
  });

  it('is told to stop, and says nothing of work that is not its own any more', async () => {
    let stopped: unknown;
    const { worker, give, errors } = start(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      stopped = signal.reason;
      throw new Error('never told');
    });
    const { id } = await give();
    await until(id, 'claimed');
    await rail.cancelPacket(id, { reason: 'Called off' });
    while (stopped === undefined) await pause(50);
    expect(stopped).toBeInstanceOf(WorkStoppedError);
    expect(String(stopped)).toMatch(/Called off|cancelled/);
    await stopAll(worker);
    expect(errors).toEqual([]);
  });

  it('fails what throws: again while there are attempts, or for good', async () => {
    let tries = 0;
    const { worker, give, errors } = start(({ context }) => {
      tries += 1;
      if (context.summary === 'never') throw new TerminalError('Not possible', { code: 'no_such_invoice' });
      if (tries < 2) throw new Error('Not yet');
      return tries;
    });
    expect((await until((await give()).id, 'completed')).result).toBe(2);
    const failed = await until((await give({ summary: 'never' })).id, 'failed');
    expect(failed.failure).toMatchObject({
      code: 'no_such_invoice',
      reason: 'Not possible',
      retryable: false,
    });
    expect(errors.map(String)).toEqual(['Error: Not yet', 'TerminalError: Not possible']);
    await stopAll(worker);
  });

  it('fails what has a result that cannot be sent', async () => {
    const { worker, give } = start(() => ({ much: 1n }));
    expect((await until((await give()).id, 'failed')).failure).toMatchObject({ code: 'bad_result' });
    await stopAll(worker);
  });

  it('reports progress, chains, and waits for people', async () => {
    let child: PacketDocument | undefined;
    const { worker, give, agentId } = start(async (_, context) => {
      await context.progress(10, 'Begun');
      child = await context.chain({ targetAgent: 'audit-01', summary: 'Check it' });
      const answered = await context.requestApproval({ reason: 'Much money', question: 'Pay?' });
      return answered.hitl?.['response'];
    });
    const { id } = await give();
    await until(id, 'awaiting_human');
    await pause(2_500);
    await rail.respondToHitl(id, { response: 'Approved', respondedBy: 'boss@example.com' });
    expect((await until(id, 'completed')).result).toBe('Approved');
    expect(child).toMatchObject({ parent_packet_id: id, metadata: { source_agent: { id: agentId } } });
    await stopAll(worker);
  });

  it('lets go when people say no', async () => {
    const { worker, give } = start((_, { requestApproval }) => requestApproval({ reason: 'Much money' }));
    const { id } = await give();
    await until(id, 'awaiting_human');
    await rail.respondToHitl(id, { response: 'No', decision: 'deny', respondedBy: 'boss@example.com' });
    expect((await until(id, 'failed')).failure?.code).toBe('approval_denied');
    await stopAll(worker);
    expect((await rail.getPacket(id)).status).toBe('failed');
  });

  it('finishes what it holds when it is stopped, and takes nothing new', async () => {
    const { worker, give } = start(() => pause(600));
    const first = await give();
    await until(first.id, 'claimed');
    const second = await give();
    await worker.stop();
    expect(worker.active).toBe(0);
    expect((await rail.getPacket(first)).status).toBe('completed');
    expect((await rail.getPacket(second)).status).toBe('created');
  });

  it('releases what does not end in time, so that another can have it at once', async () => {
    const stuck = start(() => new Promise(() => undefined), { leaseSeconds: 600 });
    const packet = await stuck.give();
    await until(packet.id, 'claimed');
    await stuck.worker.stop({ graceMs: 100 });
    expect((await rail.getPacket(packet)).status).toBe('created');
    const next = rail.worker({ agentId: stuck.agentId }, () => 'done');
    expect((await until(packet.id, 'completed')).result).toBe('done');
    await stopAll(next);
  });

  it('stops at once while it waits for work', async () => {
    const { worker } = start(() => undefined, { waitSeconds: 30 });
    await pause(200);
    const begun = performance.now();
    await worker.stop();
    expect(performance.now() - begun).toBeLessThan(2_000);
    await worker.done;
  });

  it('ends by itself, and says why, when its key is refused', async () => {
    const other = new HandoffRail({ baseUrl: server.url, apiKey: 'hr_unknown' });
    const errors: unknown[] = [];
    const worker = other.worker({ agentId: 'a', onError: (error) => errors.push(error) }, () => undefined);
    await expect(worker.done).rejects.toThrow(AuthenticationError);
    expect(errors).toHaveLength(1);
    await worker.stop();
  });
});
