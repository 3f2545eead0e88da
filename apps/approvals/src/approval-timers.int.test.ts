import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalInput, PacketEventType, PacketId } from '#libs/packet';
import { LogRig, testTenant } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Approvals, person } from './given.features.js';

const waiting = { timeout: 8_000, interval: 20 };
const boss = [{ id: 'boss', kind: 'user' as const }];

describe('the clock of a checkpoint', { concurrent: true }, () => {
  let rig: LogRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await LogRig.start();
    approvals = await rig.open((nats) => new Approvals(nats));
    // Two copies of the service, as they share the work.
    for (const service of [approvals, await rig.open((nats) => new Approvals(nats))])
      service.clocks.onApplicationBootstrap();
  });
  afterAll(() => rig?.stop());

  const until = (id: PacketId, type: PacketEventType) =>
    vi.waitFor(async () => expect(await approvals.types(id)).toContain(type), waiting);
  /** Milliseconds from the create to the first event of a type. */
  const time = async (id: PacketId, type: PacketEventType, from: PacketEventType = 'packet.created') => {
    const events = await approvals.events(id);
    const at = (wanted: PacketEventType) =>
      Date.parse(events.find((event) => event.type === wanted)?.occurred_at ?? '');
    return at(type) - at(from);
  };
  const expectAt = (ms: number, seconds: number) => {
    expect(ms).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(ms).toBeLessThan((seconds + 1) * 1_000);
  };

  it.each<[ApprovalInput['on_timeout'], string, object]>([
    ['deny', 'deny', { status: 'failed', failure: { code: 'approval_timed_out' } }],
    ['fail', 'fail', { status: 'failed', failure: { code: 'approval_timed_out' } }],
    ['escalate', 'deny', { status: 'failed', failure: { code: 'approval_timed_out' } }],
    ['approve', 'approve', { status: 'claimed', claim: { agent: { id: 'bo' }, attempt: 1 } }],
  ])('on_timeout %s comes to %s, in time, and is nobody’s answer', async (on_timeout, effect, after) => {
    const id = await approvals.waiting({ timeout_seconds: 1, on_timeout });
    await until(id, 'packet.approval_timed_out');
    expectAt(await time(id, 'packet.approval_timed_out'), 1);
    expect(await approvals.packet(id)).toMatchObject({
      ...after,
      approval: { state: 'timed_out', effect, votes: [] },
    });
    expect(await approvals.types(id)).toEqual(['packet.created', 'packet.approval_timed_out']);
    expect(await approvals.respond(id, 'Yes', person('pat'))).toMatchObject({
      rejection: { code: 'approval_timed_out' },
    });
  });

  it('does not run where the policy waits, or the answer came before', async () => {
    const [patient, answered] = await Promise.all([
      approvals.waiting({ timeout_seconds: 1, on_timeout: 'wait' }),
      approvals.waiting({ timeout_seconds: 1 }),
    ]);
    await approvals.respond(answered, 'No', person('pat'));
    await sleep(1_800);
    expect(await approvals.types(patient)).toEqual(['packet.created']);
    expect(await approvals.types(answered)).toEqual(['packet.created', 'packet.approval_responded']);
    expect(await approvals.packet(answered)).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_denied' },
      approval: { state: 'denied' },
    });
  });

  it('climbs the ladder, reminds before each end, and times out when it is through', async () => {
    const id = await approvals.waiting({
      timeout_seconds: 2,
      remind_before_seconds: 1,
      escalation: [
        { after_seconds: 1, approvers: boss },
        { after_seconds: 2, approvers: [{ id: 'chief', kind: 'user' }] },
      ],
    });
    await until(id, 'packet.approval_timed_out');
    const events = await approvals.events(id);
    expect(events.map(({ type }) => type)).toEqual([
      'packet.created',
      'packet.approval_reminded',
      'packet.approval_escalated',
      'packet.approval_reminded',
      'packet.approval_escalated',
      'packet.approval_reminded',
      'packet.approval_timed_out',
    ]);
    const times = events.map(({ occurred_at }) => Date.parse(occurred_at));
    const since = (n: number, start: number) => (times[n] ?? NaN) - (times[start] ?? NaN);
    // Each step starts the clock anew: reminders a second before its end, then the end.
    const spans: [number, number, number][] = [
      [1, 0, 0],
      [2, 0, 1],
      [3, 2, 1],
      [4, 2, 2],
      [5, 4, 1],
      [6, 4, 2],
    ];
    for (const [n, start, seconds] of spans) expectAt(since(n, start), seconds);
    const { approval } = await approvals.packet(id);
    expect(approval?.approvers.map((one) => one.id)).toEqual(['boss', 'chief']);
  });

  it('begins anew with the content', async () => {
    const id = await approvals.waiting({ timeout_seconds: 2 });
    await sleep(1_000);
    const limits = { max_bytes: 1e6, max_chain_depth: 32, max_path_repeats: 3 };
    const patch = { context: { summary: 'Pay twice' } };
    await approvals.ask('update', id, { patch, limits, approval_id: 'fresh' });
    await until(id, 'packet.approval_timed_out');
    expectAt(await time(id, 'packet.approval_timed_out', 'packet.approval_voided'), 2);
    expect((await approvals.packet(id)).approval).toMatchObject({ id: 'fresh', state: 'timed_out' });
  });

  it('leaves no timer behind', async () => {
    const id = await approvals.waiting({ timeout_seconds: 600, remind_before_seconds: 60 });
    const { approval } = await approvals.packet(id);
    const at = Date.parse(approval?.expires_at ?? '');
    const keys = [
      ['timeout-0', at],
      ['remind-0', at - 60_000],
    ].map(([what, ms]) => [testTenant, id, approval?.id ?? '', String(what), String(ms)]);
    const pending = () =>
      Promise.all(keys.map((key) => approvals.timers.pendingAt({ kind: 'approval', key })));
    expect(await pending()).not.toContain(null);
    await approvals.respond(id, 'Yes', person('pat'));
    await vi.waitFor(async () => expect(await pending()).toEqual([null, null]), waiting);
  });
});

describe('what was due while no service was there', () => {
  let rig: LogRig;
  beforeAll(async () => {
    rig = await LogRig.start();
  });
  afterAll(() => rig?.stop());

  it('is made up for as soon as one is: the reminder, the step of the ladder, the timeout', async () => {
    const gone = await rig.open((nats) => new Approvals(nats));
    const reminded = await gone.waiting({ timeout_seconds: 60, remind_before_seconds: 59 });
    const escalated = await gone.waiting({ escalation: [{ after_seconds: 1, approvers: boss }] });
    const over = await gone.waiting({ timeout_seconds: 1 });
    await sleep(1_500);
    const all = await Promise.all([reminded, escalated, over].map((id) => gone.types(id)));
    expect(all).toEqual(Array.from({ length: 3 }, () => ['packet.created']));
    const back = await rig.open((nats) => new Approvals(nats));
    back.clocks.onApplicationBootstrap();
    await vi.waitFor(async () => {
      expect(await back.types(reminded)).toContain('packet.approval_reminded');
      expect(await back.types(escalated)).toContain('packet.approval_escalated');
      expect(await back.types(over)).toContain('packet.approval_timed_out');
    }, waiting);
  });
});
