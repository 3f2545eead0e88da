import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacketCommandType } from './commands.js';
import { decide } from './decide.js';
import type { PacketEvent } from './events.js';
import { evolve, fold } from './evolve.js';
import {
  admin,
  agent,
  approver,
  as,
  ask,
  at,
  backend,
  bound,
  claim,
  commandFor,
  complete,
  create,
  fail,
  having,
  reader,
  respond,
  system,
  update,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { isTerminal, statusAfter } from './lifecycle.js';
import { normalizeApproval } from './normalize-approval.js';
import { claimOf } from './standing.js';
import { initialState } from './state.js';
import type { ExistingPacket, Packet } from './state.js';
import { toDocument } from './to-document.js';

const agents = fc.constantFrom('ana', 'bo', 'cy', 'human');
const principals = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(backend, admin) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      system,
      reader,
      approver,
      bound('ana'),
      bound('bo', 'agent'),
      bound('cy', 'admin'),
    ),
  },
);
const routing = { capabilities: ['billing'] };
const choiceOf = (id: string) => ({
  target: agent(id),
  candidates: [],
  strategy: 'capability',
  confidence: 1,
});
const ladder = [{ after_seconds: 50, approvers: [{ id: 'boss', kind: 'user' as const }] }];
const policies = fc.record({
  timeout_seconds: fc.option(fc.integer({ min: 1, max: 500 }), { nil: null }),
  on_timeout: fc.option(fc.constantFrom('deny', 'approve', 'escalate', 'fail', 'wait'), { nil: null }),
  escalation: fc.option(fc.constant(ladder), { nil: null }),
  quorum: fc.constantFrom(null, { approve: 2 }),
  allow_agents: fc.boolean(),
  allow_edits: fc.boolean(),
  remind_before_seconds: fc.constantFrom(null, 10),
});
const hitl = policies.map((policy) => ({ reason: 'Sure?', ...policy }));
const createAsk = fc
  .record({
    hitl: fc.option(hitl, { nil: null, freq: 1 }),
    claim_policy: fc.constantFrom('open' as const, 'target' as const),
    routing: fc.option(fc.constant(routing), { nil: null }),
    retry: fc.record({
      max_attempts: fc.integer({ min: 1, max: 3 }),
      backoff_seconds: fc.constantFrom(0, 30),
    }),
    ttl_seconds: fc.constantFrom(null, 900),
  })
  .chain((more) =>
    fc.constantFrom('named', 'unnamed', 'routed').map((how) => {
      if (how === 'named') return create(more);
      const asked = create({ ...more, routing, metadata: { source_agent: agent('ana') } });
      return how === 'routed' ? { ...asked, data: { ...asked.data, route: choiceOf('bo') } } : asked;
    }),
  );

const claims = fc.constantFrom('claim-bo', 'claim-cy', 'claim-pat');
const approvals = fc.constantFrom('approval-1', 'approval-2');
const jitter = fc.double({ min: 0, max: 1, noNaN: true });
const named = fc
  .oneof({ weight: 3, arbitrary: fc.constant(undefined) }, agents)
  .map((id) => (id === undefined ? {} : { agent_id: id }));
const summary = fc.constantFrom('One', 'Two', 'Move the billing service');

const asks: Record<Exclude<PacketCommandType, 'chain'>, fc.Arbitrary<Ask>> = {
  create: createAsk,
  claim: fc
    .tuple(agents, claims, fc.constantFrom({}, { lease_seconds: 100 }))
    .map(([by, claim_id, lease]) => claim(by, { claim_id, ...lease })),
  start: named.map((who) => ask('start', who)),
  progress: named.map((who) => ask('progress', { ...who, percent: 50 })),
  update: summary.map((text) => update({ context: { summary: text } })),
  request_approval: fc
    .tuple(hitl, approvals, named)
    .map(([policy, approval_id, who]) =>
      ask('request_approval', { ...who, approval_id, policy: normalizeApproval(policy) }),
    ),
  respond: fc
    .tuple(fc.constantFrom('approve', 'No', 'perhaps'), fc.constantFrom('pat', 'quinn', 'bo'), summary)
    .map(([answer, who, text]) =>
      respond(answer, {
        responded_by: who,
        ...(text === 'One' ? { edits: { context: { summary: text } } } : {}),
      }),
    ),
  escalate_approval: approvals.map((approval_id) => ask('escalate_approval', { approval_id, step: 1 })),
  remind_approval: approvals.map((approval_id) => ask('remind_approval', { approval_id })),
  time_out_approval: approvals.map((approval_id) =>
    ask('time_out_approval', { approval_id, next_claim_id: 'claim-pat' }),
  ),
  complete: named.map((who) => ({ ...complete(), data: { ...who, result: 1 } })),
  fail: fc.tuple(fc.boolean(), jitter).map(([retryable, spread]) => fail({ retryable, jitter: spread })),
  reject: fc
    .tuple(named, fc.option(agents, { nil: undefined }))
    .map(([who, next]) =>
      ask('reject', { ...who, reason: 'No time', ...(next === undefined ? {} : { route: choiceOf(next) }) }),
    ),
  release: fc.constantFrom(ask('release', {}), ask('release', { delay_seconds: 60 })),
  lose_claim: fc
    .tuple(claims, jitter)
    .map(([lost_claim_id, spread]) => ask('lose_claim', { lost_claim_id, jitter: spread })),
  route: agents.map((id) => ask('route', choiceOf(id))),
  cancel: named.map((who) => ask('cancel', who)),
  expire: fc.constant(ask('expire', { reason: 'ttl' })),
  retry: named.map((who) => ask('retry', who)),
};

/** Any command, by anybody the type allows it to come from, with or without what a caller may add. */
const anyAsk = fc
  .tuple(
    // What ends a packet for good comes seldom, or no history would be long.
    fc.oneof(
      ...Object.entries(asks).map(([type, arbitrary]) => ({
        arbitrary,
        weight: ['cancel', 'create', 'expire'].includes(type)
          ? 1
          : ['claim', 'respond', 'retry'].includes(type)
            ? 12
            : 4,
      })),
    ),
    principals,
    fc.record({
      forward: fc.constantFrom(0, 1, 20, 120),
      token: fc.option(claims, { nil: undefined, freq: 1 }),
    }),
  )
  .map(([asked, principal, { forward, token }]) => ({
    forward,
    asked: having(
      token === undefined ? {} : { claim_id: token },
      asked.meta.principal === undefined ? as(principal, asked) : asked,
    ),
  }));
const history = fc.tuple(createAsk, fc.array(anyAsk, { minLength: 20, maxLength: 60, size: 'max' }));

interface Step {
  before: Packet;
  after: Packet;
  events: PacketEvent[];
}

/** Carries out a random history, time going on, and shows each step to `look`. */
const walk = ([first, rest]: [Ask, { asked: Ask; forward: number }[]], look: (step: Step) => void) => {
  let packet: Packet = initialState;
  let clock = 0;
  const all: PacketEvent[] = [];
  for (const { asked, forward } of [{ asked: as(backend, first), forward: 0 }, ...rest]) {
    clock += forward;
    const command = commandFor(at(clock, asked));
    const verdict = decide(command, packet);
    expect(decide(command, packet)).toEqual(verdict);
    const events = verdict.kind === 'accepted' ? verdict.events : [];
    const before = packet;
    packet = fold(events, packet);
    all.push(...events);
    look({ before, after: packet, events });
  }
  return { packet, all };
};

const runs = { numRuns: 150 };
const always = (look: (step: Step) => void, atEnd?: (end: ReturnType<typeof walk>) => void): void =>
  fc.assert(
    fc.property(history, (run) => {
      const end = walk(run, look);
      atEnd?.(end);
    }),
    runs,
  );

const statusOf = (packet: Packet) => packet.status;
const existing = (packet: Packet): ExistingPacket | null => (packet.status === 'absent' ? null : packet);

describe('any sequence of commands', () => {
  it('numbers its events from 1 on, each with an id of its own', () =>
    always(
      () => undefined,
      ({ packet, all }) => {
        expect(all.map((event) => event.revision)).toEqual(all.map((_, index) => index + 1));
        expect(existing(packet)?.revision).toBe(all.length);
        expect(new Set(all.map((event) => event.id)).size).toBe(all.length);
      },
    ));

  it('folds from the log to the very state that was decided on', () =>
    always(
      () => undefined,
      ({ packet, all }) => {
        expect(fold(all)).toEqual(packet);
        const read = JSON.parse(JSON.stringify(all)) as PacketEvent[];
        expect(fold(read)).toEqual(packet);
        expect(JSON.parse(JSON.stringify(toDocument(packet as ExistingPacket, '0-1')))).toEqual(
          toDocument(packet as ExistingPacket, '0-1'),
        );
      },
    ));

  it('changes nothing by what it refuses', () =>
    always(({ before, after, events }) => {
      if (events.length === 0) expect(after).toBe(before);
    }));

  it('leaves a terminal status by a retry only', () =>
    always(({ before, after, events }) => {
      if (before.status === 'absent' || !isTerminal(before.status) || events.length === 0) return;
      expect(events[0]?.type).toBe('packet.retried');
      expect(statusOf(after)).not.toBe(statusOf(before));
    }));

  it('grants each claim a greater token than every one before', () =>
    always(({ before, after, events }) => {
      const old = existing(before)?.attempt ?? 0;
      const packet = existing(after);
      expect(packet?.attempt).toBeGreaterThanOrEqual(old);
      const grants = events.filter((event) => 'claim' in event.data);
      expect(packet?.attempt).toBe(old + grants.length);
      if (grants.length > 0) expect(claimOf(after as ExistingPacket)?.attempt).toBe(old + 1);
    }));

  it('changes the claimant only through a packet that nobody holds', () =>
    always(({ before, after }) => {
      const holder = existing(before) && claimOf(before as ExistingPacket);
      const next = existing(after) && claimOf(after as ExistingPacket);
      if (holder && next) expect(next.claim_id).toBe(holder.claim_id);
    }));

  it('only comes to statuses that the tables name', () =>
    always(({ before, events }) => {
      let packet = before;
      for (const event of events) {
        const from = packet.status;
        packet = evolve(packet, event);
        const to = statusAfter[event.type] as readonly string[];
        expect(to.includes(packet.status) || (to.includes('same') && packet.status === from)).toBe(true);
      }
    }));

  it('never lets a packet past people who have not agreed', () =>
    always(({ before, after, events }) => {
      if (before.status !== 'awaiting_human' || after.status === 'awaiting_human') return;
      const last = events.at(-1);
      expect([
        'packet.approval_responded',
        'packet.approval_timed_out',
        'packet.cancelled',
        'packet.expired',
      ]).toContain(last?.type);
    }));

  it('never gives a packet to an agent that has rejected it', () =>
    always(({ before, after, events }) => {
      const packet = existing(after);
      if (packet === null || !events.some(({ type }) => ['packet.routed', 'packet.rejected'].includes(type)))
        return;
      const target = packet.content.metadata.target_agent?.id;
      if (packet.status !== 'rejected' && target !== undefined)
        expect(packet.rejected_by).not.toContain(target);
      expect(packet.rejected_by.length).toBeGreaterThanOrEqual(existing(before)?.rejected_by.length ?? 0);
    }));

  it('keeps to the attempts that the retry policy gives', () =>
    always(({ after }) => {
      const packet = existing(after);
      if (packet === null || isTerminal(packet.status)) return;
      expect(packet.failed_attempts).toBeLessThan(packet.terms.retry.max_attempts);
    }));
});

describe('evolve', () => {
  it('takes events in any order, twice, and damaged, without a throw', () => {
    const damage = fc.constantFrom('whole', 'no data', 'wrong data', 'new type');
    const shuffled = history
      .map((run) => walk(run, () => undefined).all)
      .chain((all) => fc.array(fc.tuple(fc.constantFrom(...all), damage), { maxLength: 30 }));
    fc.assert(
      fc.property(shuffled, (events) => {
        let packet: Packet = initialState;
        for (const [event, how] of events) {
          const damaged = {
            whole: event,
            'no data': { ...event, data: undefined },
            'wrong data': { ...event, data: { claim: null, approval: 7 } },
            'new type': { ...event, type: 'packet.teleported' },
          }[how] as PacketEvent;
          packet = evolve(packet, damaged);
        }
        if (packet.status !== 'absent') expect(packet.revision).toBeGreaterThan(0);
      }),
      runs,
    );
  });
});
