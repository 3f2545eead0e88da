import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { register } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parsePosition } from '#libs/contracts';
import type { CommandRequest } from '#libs/contracts';
import type { CommandId } from '#libs/packet';
import { configureTracing, handleCommand } from './index.js';
import type { PacketLog } from './index.js';
import {
  chain,
  claim,
  complete,
  create,
  newPacketId,
  packetOf,
  progress,
  progressed,
  Rig,
  tenant,
} from './given.features.js';
import { initialState } from '#libs/packet';

const keyed = (digest = 'd'.repeat(64)) => ({
  command_id: randomUUID() as CommandId,
  request_digest: digest,
});

describe('a command', () => {
  let rig: Rig;
  let log: PacketLog;
  let other: PacketLog;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
    other = await rig.log();
  });
  afterAll(() => rig.stop());

  it('goes through a life, whichever process takes each step', async () => {
    const packet_id = newPacketId();
    const created = packetOf(await handleCommand(log, create({ packet_id })));
    expect(created).toMatchObject({ status: 'created', revision: 1 });
    expect(packetOf(await handleCommand(other, claim({ packet_id })))).toMatchObject({ status: 'claimed' });
    const done = packetOf(await handleCommand(log, complete({ packet_id })));
    expect(done).toMatchObject({ status: 'completed', revision: 3 });
    const recorded = await other.events(tenant, packet_id);
    expect(parsePosition(done.position)).toBe(recorded.at(-1)?.sequence);
    expect(parsePosition(created.position)).toBe(recorded[0]?.sequence);
  });

  it('is refused on what the log has, not on what memory has', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    await handleCommand(other, claim({ packet_id }));
    const late = await handleCommand(log, claim({ packet_id }, 'cy'));
    expect(late).toMatchObject({ outcome: 'refused' });
    await handleCommand(other, complete({ packet_id }));
    expect(await handleCommand(log, progress({ packet_id }, 50))).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'invalid_transition', status: 'completed' },
    });
  });

  it('is refused with not_found where there is no packet', async () => {
    const reply = await handleCommand(log, claim({ packet_id: newPacketId() }));
    expect(reply).toMatchObject({ outcome: 'refused', rejection: { code: 'not_found' } });
  });

  it('tells a bug of ours from a log that is away, and nothing of its cause', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    const broken = { ...claim({ packet_id }), data: null } as unknown as CommandRequest;
    const reply = await handleCommand(log, broken);
    expect(reply).toMatchObject({ outcome: 'fault', code: 'internal' });
    expect(JSON.stringify(reply)).not.toContain('null');
    expect(rig.heard.lines.find(({ level }) => level === 'error')).toMatchObject({
      fields: { packet_id, command: 'claim', err: expect.any(TypeError) },
    });
    expect(await handleCommand(log, claim({ packet_id }))).toMatchObject({ outcome: 'accepted' });
  });

  it('is quiet when the same command comes again', async () => {
    const packet_id = newPacketId();
    const creation = create({ packet_id });
    await handleCommand(log, creation);
    for (const to of [log, other]) {
      const again = await handleCommand(to, creation);
      expect(again).toMatchObject({ outcome: 'accepted', quiet: true, packet: { revision: 1 } });
    }
    expect(await log.events(tenant, packet_id)).toHaveLength(1);
  });

  it('gets its answer of before when it had a key, though the packet has moved on', async () => {
    const packet_id = newPacketId();
    const creation = create({ packet_id, ...keyed() });
    const first = packetOf(await handleCommand(log, creation));
    await handleCommand(log, claim({ packet_id }));
    await handleCommand(log, complete({ packet_id }));
    for (const to of [log, other, await rig.log()]) {
      const again = await handleCommand(to, creation);
      expect(again).toEqual({ outcome: 'accepted', packet: first, replayed: true, quiet: false });
    }
    const misused = { ...creation, meta: { ...creation.meta, request_digest: 'e'.repeat(64) } };
    expect(await handleCommand(other, misused)).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'idempotency_mismatch' },
    });
  });

  it('chains parent and child at once, and answers with the child, also when repeated', async () => {
    const [packet_id, childId] = [newPacketId(), newPacketId()];
    await handleCommand(log, create({ packet_id }));
    const chaining = chain({ packet_id, ...keyed() }, childId);
    const child = packetOf(await handleCommand(log, chaining));
    expect(child).toMatchObject({ id: childId, parent_packet_id: packet_id, revision: 1 });
    const [parentEvents, childEvents] = [
      await log.events(tenant, packet_id),
      await log.events(tenant, childId),
    ];
    expect(childEvents[0]!.sequence).toBe(parentEvents.at(-1)!.sequence + 1);
    expect(parsePosition(child.position)).toBe(childEvents[0]!.sequence);
    for (const to of [log, other]) {
      expect(await handleCommand(to, chaining)).toEqual({
        outcome: 'accepted',
        packet: child,
        replayed: true,
        quiet: false,
      });
    }
  });

  it('answers a repeated chain without a key with the child too', async () => {
    const [packet_id, childId] = [newPacketId(), newPacketId()];
    await handleCommand(log, create({ packet_id }));
    const chaining = chain({ packet_id }, childId);
    const child = packetOf(await handleCommand(log, chaining));
    expect(packetOf(await handleCommand(other, chaining))).toEqual(child);
  });

  it('is granted to one of many claimers in three processes, and the rest learn to whom', async () => {
    const logs = [log, other, await rig.log()];
    for (let round = 0; round < 10; round += 1) {
      const packet_id = newPacketId();
      await handleCommand(log, create({ packet_id }));
      const replies = await Promise.all(
        Array.from({ length: 64 }, (_, index) => {
          const command = claim({ packet_id }, 'bo');
          return handleCommand(logs[index % 3]!, command);
        }),
      );
      const granted = replies.filter((reply) => reply.outcome === 'accepted' && !reply.quiet);
      expect(granted).toHaveLength(1);
      expect(replies.filter(({ outcome }) => outcome === 'fault')).toEqual([]);
      expect(await log.events(tenant, packet_id)).toHaveLength(2);
    }
  });

  it('lands once for each of many writers of one packet', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    await handleCommand(log, claim({ packet_id }));
    const logs = [log, other];
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        handleCommand(logs[index % 2]!, progress({ packet_id }, index)),
      ),
    );
    const contended = replies.filter(({ outcome }) => outcome === 'fault').length;
    const accepted = replies.filter(({ outcome }) => outcome === 'accepted').length;
    expect(accepted + contended).toBe(40);
    const recorded = await log.events(tenant, packet_id);
    expect(recorded.map(({ event }) => event.revision)).toEqual(recorded.map((_, index) => index + 1));
    expect(recorded).toHaveLength(2 + accepted);
  });

  it('is refused when it is too large for the log, and changes nothing', async () => {
    const packet_id = newPacketId();
    const reply = await handleCommand(log, create({ packet_id }, 'x'.repeat(3_000_000)));
    expect(reply).toMatchObject({ outcome: 'refused', rejection: { code: 'packet_too_large' } });
    expect(await log.events(tenant, packet_id)).toEqual([]);
  });

  it('lives on when the log holds nonsense for its packet', async () => {
    const packet_id = newPacketId();
    await log.append({ events: [progressed(packet_id, 1)], expected: 0, state: initialState });
    const reply = await handleCommand(await rig.log(), claim({ packet_id }));
    expect(['refused', 'fault']).toContain(reply.outcome);
  });

  it('is counted and logged with its packet and trace', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    const metric = await register.getSingleMetricAsString('handoffrail_commands_total');
    expect(metric).toMatch(/handoffrail_commands_total\{command="create",outcome="accepted".*\} \d+/);
    const line = rig.heard.lines.findLast(({ message }) => message === 'command');
    expect(line?.fields).toMatchObject({
      packet_id,
      command: 'create',
      outcome: 'accepted',
      trace_id: 'a'.repeat(32),
    });
  });
});

describe('the trace of a command', () => {
  const exporter = new InMemorySpanExporter();
  let rig: Rig;

  beforeAll(async () => {
    rig = await Rig.start();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
    configureTracing({ record: true, ratio: 1 });
  });
  afterEach(() => exporter.reset());
  afterAll(async () => {
    trace.disable();
    configureTracing({ record: false, ratio: 1 });
    await rig.stop();
  });

  it('hangs the append from the command, the command from the caller, and the event from the append', async () => {
    const packet_id = newPacketId();
    const log = await rig.log();
    const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
    await handleCommand(log, create({ packet_id, traceparent }));
    const spans = exporter.getFinishedSpans();
    const command = spans.find(({ name }) => name === 'command create')!;
    const append = spans.find(({ name }) => name === 'append')!;
    expect(command.parentSpanContext?.spanId).toBe('d'.repeat(16));
    expect(append.parentSpanContext?.spanId).toBe(command.spanContext().spanId);
    const [recorded] = await log.events(tenant, packet_id);
    expect(recorded!.event.traceparent).toBe(`00-${'c'.repeat(32)}-${append.spanContext().spanId}-01`);
  });

  it('has no append where nothing was appended', async () => {
    const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
    await handleCommand(await rig.log(), claim({ packet_id: newPacketId(), traceparent }));
    const [span, ...more] = exporter.getFinishedSpans();
    expect(more).toEqual([]);
    expect(span).toMatchObject({ name: 'command claim', attributes: { 'handoffrail.outcome': 'refused' } });
  });
});
