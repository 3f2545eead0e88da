import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApprovalTimer } from './approval-timers.js';
import type { ApprovalTimer } from './approval-timers.js';
import type { ApprovalPolicy, Approver } from './document.js';
import type { PacketEvent } from './events.js';
import { fold } from './evolve.js';
import {
  approver,
  as,
  ask,
  at,
  claim,
  create,
  noon,
  packetAfter,
  packetId,
  respond,
  tenant,
  update,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { after, epochOf } from './ids.js';
import type { ApprovalInput } from './input.js';
import { normalizeApproval } from './normalize-approval.js';
import { initialState } from './state.js';
import type { ExistingPacket, Packet } from './state.js';
import { timersAfter } from './timers.js';

const hitl = (more: Partial<ApprovalInput> = {}) => create({ hitl: { reason: 'Sure?', ...more } });
const question = (more: Partial<ApprovalInput>) =>
  ask('request_approval', {
    policy: normalizeApproval({ reason: 'Sure?', ...more }),
    approval_id: 'approval-2',
  });
const boss = [{ id: 'boss', kind: 'user' as const }];
const timer = (seconds: number, word: string, approval_id = 'approval-1') => {
  const due = after(noon, seconds);
  return { kind: 'approval', key: [tenant, packetId, approval_id, word, String(epochOf(due))], at: due };
};
const id = (seconds: number, word: string, approval_id?: string) => timer(seconds, word, approval_id);

/** The command that a timer sends. */
const commandOf = ({ approval_id, what, step }: ApprovalTimer): Ask => {
  if (what === 'step') return ask('escalate_approval', { approval_id, step: step + 1 });
  if (what === 'remind') return ask('remind_approval', { approval_id });
  return ask('time_out_approval', { approval_id, next_claim_id: 'claim-x' });
};

const changes = (...asked: Ask[]) => {
  const before = asked.length === 1 ? initialState : packetAfter(...asked.slice(0, -1));
  return timersAfter(before, packetAfter(...asked));
};
const yes = as(approver, respond('Yes'));
const timed = { timeout_seconds: 60, remind_before_seconds: 15 };
const ladder = { ...timed, escalation: [{ after_seconds: 20, approvers: boss }] };
const step = (seconds: number) =>
  at(seconds, ask('escalate_approval', { approval_id: 'approval-1', step: 1 }));

describe('the timers of a checkpoint', () => {
  it.each<[string, Ask[], object[], object[]]>([
    ['one without a time has none', [hitl()], [], []],
    ['one that waits for ever has none', [hitl({ ...timed, on_timeout: 'wait' })], [], []],
    [
      'one with a time has that, and its reminder',
      [hitl(timed)],
      [timer(60, 'timeout-0'), timer(45, 'remind-0')],
      [],
    ],
    ['a ladder has its next step only', [hitl(ladder)], [timer(20, 'step-0'), timer(5, 'remind-0')], []],
    [
      'a step begins the next clock',
      [hitl(ladder), step(21)],
      [timer(81, 'timeout-1'), timer(66, 'remind-1')],
      [id(20, 'step-0'), id(5, 'remind-0')],
    ],
    [
      'a reminder changes nothing',
      [hitl(timed), at(45, ask('remind_approval', { approval_id: 'approval-1' }))],
      [],
      [],
    ],
    ['an answer ends them', [hitl(timed), yes], [], [id(60, 'timeout-0'), id(45, 'remind-0')]],
    ['a vote that is not enough leaves them', [hitl({ ...timed, quorum: { approve: 2 } }), yes], [], []],
    ['a cancel ends them', [hitl(timed), ask('cancel', {})], [], [id(60, 'timeout-0'), id(45, 'remind-0')]],
    [
      'a change of content begins those of the fresh approval',
      [hitl({ timeout_seconds: 60 }), at(30, update({ context: { summary: 'New' } }))],
      [timer(90, 'timeout-0', 'approval-2')],
      [id(60, 'timeout-0')],
    ],
    [
      'a question in the middle of work',
      [create(), claim(), at(5, question({ timeout_seconds: 60 }))],
      [timer(65, 'timeout-0', 'approval-2')],
      [],
    ],
  ])('%s', (...[, asked, set, cancel]) => {
    const all = changes(...asked);
    expect(all.set).toEqual(set);
    expect(all.cancel).toEqual(cancel);
  });

  it('of two steps that race are two, so that the one which is refused cannot take the place of the other', () => {
    const asked = packetAfter(hitl(ladder));
    const [first, second] = [20, 20.003].map((seconds) =>
      timersAfter(asked, packetAfter(hitl(ladder), step(seconds))).set.map(({ key }) => key.join()),
    );
    expect(first).toHaveLength(2);
    expect(new Set([...first!, ...second!]).size).toBe(4);
  });

  it('are read again from their key, and nothing else is', () => {
    const [set] = changes(hitl(ladder)).set;
    expect(readApprovalTimer(set!.key)).toEqual({ approval_id: 'approval-1', what: 'step', step: 0 });
    for (const word of ['step', 'step-', 'nap-1', 'step-1-2', 'step-x', ''])
      expect(readApprovalTimer([tenant, packetId, 'a', word])).toBeNull();
    expect(readApprovalTimer([])).toBeNull();
  });
});

interface Policy {
  timeout_seconds?: number;
  on_timeout?: ApprovalPolicy['on_timeout'];
  escalation?: { after_seconds: number; approvers: Approver[] }[];
  remind_before_seconds?: number;
}

/** When the next step and the timeout are due, with so many steps taken before. */
const dues = (policy: Policy, taken: number, since: number): { step: number; timeout: number } => {
  const { timeout_seconds: timeout = Infinity, escalation = [] } = policy;
  const on = policy.on_timeout ?? (escalation.length > 0 ? 'escalate' : 'deny');
  const next = escalation[taken]?.after_seconds ?? Infinity;
  const isOff = on === 'wait' || (on === 'escalate' && taken < escalation.length);
  return { step: since + next, timeout: isOff ? Infinity : since + timeout };
};

/** When what happens, in plain words: each step begins anew, the timeout ends it. */
const story = (policy: Policy, taken = 0, since = 0): [number, string][] => {
  const { step, timeout } = dues(policy, taken, since);
  const end = Math.min(step, timeout);
  if (end === Infinity) return [];
  const lead = policy.remind_before_seconds ?? null;
  const reminder: [number, string][] =
    lead === null ? [] : [[Math.max(since, end - lead), 'packet.approval_reminded']];
  return step <= timeout
    ? [...reminder, [end, 'packet.approval_escalated'], ...story(policy, taken + 1, end)]
    : [...reminder, [end, 'packet.approval_timed_out']];
};

describe('the clock of any checkpoint', () => {
  const seconds = fc.integer({ min: 1, max: 60 });
  const policies = fc
    .record({
      timeout_seconds: fc.option(seconds, { nil: undefined }),
      on_timeout: fc.constantFrom('deny', 'approve', 'escalate', 'fail', 'wait', undefined),
      escalation: fc.array(
        seconds.map((after_seconds) => ({ after_seconds, approvers: boss })),
        { maxLength: 4 },
      ),
      remind_before_seconds: fc.option(seconds, { nil: undefined }),
    })
    .map(
      (policy) =>
        Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as Policy,
    );

  /**
   * Lives through a checkpoint as its timers have it. While `downFor` seconds last from the start, nobody
   * handles any; then all that are due come at once, in an order of their own.
   */
  const lived = (policy: Policy, downFor: number, order: (n: number) => number) => {
    const pending = new Map<string, { key: string[]; at: number }>();
    const all: PacketEvent[] = [];
    let packet: Packet = initialState;
    const carryOut = (now: number, asked: Ask) => {
      const verdict = verdictOf(packet, at(now, asked));
      const events = verdict.kind === 'accepted' ? verdict.events : [];
      if (events.length === 0) return;
      const next = fold(events, packet) as ExistingPacket;
      const { set, cancel } = timersAfter(packet, next);
      for (const one of set)
        pending.set(one.key.join(), { key: one.key, at: (epochOf(one.at) - epochOf(noon)) / 1_000 });
      for (const one of cancel) pending.delete(one.key.join());
      all.push(...events);
      packet = next;
    };
    carryOut(0, hitl(policy));
    let now = downFor;
    while (pending.size > 0) {
      const next = Math.min(...[...pending.values()].map((one) => one.at));
      now = Math.max(now, next);
      const due = [...pending.values()].filter((one) => one.at <= now);
      const one = due[order(due.length)]!;
      pending.delete(one.key.join());
      carryOut(now, commandOf(readApprovalTimer(one.key)!));
    }
    const events = all
      .slice(1)
      .map(({ type, occurred_at }): [number, string] => [
        (epochOf(occurred_at) - epochOf(noon)) / 1_000,
        type,
      ]);
    return { events, packet: packet as ExistingPacket };
  };
  const isReminder = ([, type]: [number, string]) => type === 'packet.approval_reminded';

  it('does each thing at its time, once, and then nothing', () => {
    fc.assert(
      fc.property(policies, fc.nat(), (policy, seed) => {
        const { events } = lived(policy, 0, (n) => seed % n);
        const told = story(policy);
        const ends = (list: [number, string][]) => list.filter((one) => !isReminder(one));
        expect(ends(events)).toEqual(ends(told));
        // A reminder that is due together with what it reminds of may come second, and is nothing then.
        const late = new Set(ends(told).map(([when]) => when));
        const seen = (list: [number, string][]) =>
          list.filter((one) => isReminder(one) && !late.has(one[0])).map(([when]) => when);
        expect(seen(events)).toEqual(seen(told));
      }),
      { numRuns: 500 },
    );
  });

  it('comes to the same end by the same steps when everything was down, whatever then comes first', () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 0, max: 300 }),
        fc.infiniteStream(fc.nat()),
        (policy, down, stream) => {
          const { events, packet } = lived(policy, down, (n) => (stream.next().value as number) % n);
          const types = (list: [number, string][]) =>
            list.filter((one) => !isReminder(one)).map(([, type]) => type);
          expect(types(events)).toEqual(types(story(policy)));
          expect(events.every(([when]) => when >= down)).toBe(true);
          const isOver = types(events).at(-1) === 'packet.approval_timed_out';
          expect(packet.approval?.state).toBe(isOver ? 'timed_out' : 'open');
        },
      ),
      { numRuns: 500 },
    );
  });
});
