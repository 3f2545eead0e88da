import { formatPosition, parsePosition, type PositionMessage, positionSubject } from '#libs/contracts';
import type { PacketId } from '#libs/packet';
import { checkpoint, createDataSource, listPackets, migrate, packetHistory } from '#libs/read-models';
import type { Runtime } from '#libs/service-kit';
import { startServers, type TestServers } from '#libs/testing';
import { register } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Projector } from './projector.js';
import {
  cancel,
  claim,
  complete,
  create,
  createCounted,
  respond,
  runtimeOn,
  startProjector,
  tenant,
} from './projector.features.js';

type DataSource = ReturnType<typeof createDataSource>;

describe('the projector', () => {
  let servers: TestServers;
  let runtime: Runtime;
  let databaseUrl: string;
  let source: DataSource;
  const running: Projector[] = [];

  const start = (): Projector => {
    const projector = startProjector(runtime, databaseUrl);
    running.push(projector);
    return projector;
  };
  const stop = async (projector: Projector): Promise<void> => {
    running.splice(running.indexOf(projector), 1);
    await projector.onModuleDestroy();
  };
  const caughtUp = () =>
    vi.waitFor(async () => expect(await checkpoint(source)).toBe(await runtime.log.lastSequence()), {
      timeout: 20_000,
      interval: 20,
    });
  const statusOf = async (id: PacketId) => {
    const { packets } = await listPackets(source, tenant, { page: { limit: 200 } });
    return packets.find((packet) => packet.id === id)?.status;
  };

  beforeAll(async () => {
    servers = await startServers({ postgres: true });
    runtime = await runtimeOn(servers.natsUrl);
  });
  beforeEach(async () => {
    databaseUrl = await servers.newDatabase();
    source = createDataSource(databaseUrl);
    await migrate(source);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.onModuleDestroy()));
    await source.destroy();
  });
  afterAll(async () => {
    await runtime.stop();
    await servers.stop();
  });

  it('takes what a quota has counted for no gap', async () => {
    start();
    const reads = vi.spyOn(runtime.log, 'read');
    const isFed = async (): Promise<void> => {
      reads.mockClear();
      await create(runtime.log);
      await caughtUp();
      expect(reads).not.toHaveBeenCalled();
    };
    await vi.waitFor(isFed, { timeout: 10_000 });
    const told: PositionMessage[] = [];
    const subscription = runtime.nats.subscribe(positionSubject, {
      callback: (_error, message) => void told.push(message.json<PositionMessage>()),
    });
    for (const make of [createCounted, create, createCounted, createCounted]) {
      const id = await make(runtime.log);
      await caughtUp();
      expect(await statusOf(id)).toBe('created');
    }
    const last = formatPosition(await runtime.log.lastSequence());
    await vi.waitFor(() => expect(told.at(-1)?.position).toBe(last));
    subscription.unsubscribe();
    // Whoever misses something reads the log; and whoever listens is told that nothing is missing.
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
    const places = told.map(({ after, position }) => [parsePosition(after), parsePosition(position)]);
    expect(places).toHaveLength(4);
    for (const [nth, [after]] of places.slice(1).entries())
      expect(after).toBeLessThanOrEqual(places[nth]?.[1] ?? 0);
  });

  it('projects what is on the log and what comes, and tells its position', async () => {
    const before = await create(runtime.log);
    const positions: string[] = [];
    const subscription = runtime.nats.subscribe(positionSubject, {
      callback: (_error, message) => void positions.push(message.json<{ position: string }>().position),
    });
    start();
    await caughtUp();
    const after = await create(runtime.log);
    await claim(runtime.log, after);
    await complete(runtime.log, after);
    await caughtUp();
    expect(await statusOf(before)).toBe('created');
    expect(await statusOf(after)).toBe('completed');
    const last = formatPosition(await runtime.log.lastSequence());
    await vi.waitFor(() => expect(positions.at(-1)).toBe(last));
    subscription.unsubscribe();
  });

  it('sends each event on the feed once, after the read models hold it', async () => {
    const heard: { subject: string; body: { position: string }; held: Promise<number> }[] = [];
    const subscription = runtime.nats.subscribe(`hr.feed.${tenant}.>`, {
      callback: (_error, message) =>
        void heard.push({ subject: message.subject, body: message.json(), held: checkpoint(source) }),
    });
    const first = start();
    await caughtUp();
    const id = await create(runtime.log);
    await vi.waitFor(() => expect(heard.some(({ subject }) => subject.includes(id))).toBe(true));
    await stop(first);
    await claim(runtime.log, id);
    start();
    await caughtUp();
    for (const { body, held } of heard) {
      expect(await held).toBeGreaterThanOrEqual(parsePosition(body.position) ?? Infinity);
    }
    const own = () => heard.filter(({ subject }) => subject.includes(id));
    await vi.waitFor(() => expect(own()).toHaveLength(2));
    expect(own().map(({ subject }) => subject.split('.').slice(4).join('.'))).toEqual([
      'packet.created',
      'packet.claimed',
    ]);
    subscription.unsubscribe();
  });

  it('shows at a scrape what waits, and counts what was done', async () => {
    const sumOf = async (name: string): Promise<number> => {
      const lines = (await register.getSingleMetricAsString(name)).split('\n');
      const own = lines.filter((line) => new RegExp(`^${name}(_count)?[ {]`).test(line));
      return own.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    start();
    await caughtUp();
    const counters = [
      'handoffrail_attempts_total',
      'handoffrail_attempts_ended_total',
      'handoffrail_time_to_claim_seconds',
    ];
    const before = await Promise.all(counters.map(sumOf));
    const id = await create(runtime.log);
    await create(runtime.log);
    await claim(runtime.log, id);
    await complete(runtime.log, id);
    await caughtUp();
    const after = await Promise.all(counters.map(sumOf));
    expect(after.map((value, index) => value - before[index]!)).toEqual([1, 1, 1]);
    const { total } = await listPackets(source, tenant, { filter: { status: ['created'] } });
    expect(total).toBeGreaterThan(0);
    expect(await sumOf('handoffrail_backlog_packets')).toBe(total);
    expect(await sumOf('handoffrail_oldest_waiting_seconds')).toBeGreaterThanOrEqual(0);
    expect(await sumOf('handoffrail_overdue_packets')).toBe(0);
    expect(await sumOf('handoffrail_dead_letters')).toBe(0);
  });

  it('counts how people decide', async () => {
    const shown = async (name: string) =>
      (await register.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#'));
    start();
    await caughtUp();
    const hitl = { reason: 'Over the limit' };
    const approved = await create(runtime.log, { hitl });
    const waiting = await create(runtime.log, { hitl });
    await respond(runtime.log, approved, 'Approve');
    await caughtUp();
    expect(await shown('handoffrail_approvals_ended_total')).toEqual([
      expect.stringMatching(/outcome="approved".* 1$/),
    ]);
    expect(await shown('handoffrail_time_to_decision_seconds')).toContainEqual(
      expect.stringMatching(/_count.* 1$/),
    );
    const [open] = await shown('handoffrail_approvals_open');
    expect(open).toMatch(/ 1$/);
    expect(await shown('handoffrail_approvals_overdue')).toEqual([expect.stringMatching(/ 0$/)]);
    await cancel(runtime.log, waiting);
    await caughtUp();
    expect(await shown('handoffrail_approvals_ended_total')).toContainEqual(
      expect.stringMatching(/outcome="voided".* 1$/),
    );
  });

  it('begins anew when the tables are lost', async () => {
    start();
    const id = await create(runtime.log);
    await caughtUp();
    await source.query('drop schema handoffrail cascade');
    await vi.waitFor(async () => expect(await statusOf(id)).toBe('created'), { timeout: 20_000 });
    await claim(runtime.log, id);
    await caughtUp();
    expect(await statusOf(id)).toBe('claimed');
  });

  it('hands over to a copy that stands by', async () => {
    const first = start();
    await caughtUp();
    start();
    const id = await create(runtime.log);
    await caughtUp();
    await stop(first);
    await claim(runtime.log, id);
    await caughtUp();
    const { events } = await packetHistory(source, tenant, { packet: id });
    expect(events.map(({ event_type }) => event_type)).toEqual(['packet.created', 'packet.claimed']);
  });
});
