import { instantAt, normalizeNewPacket } from '#libs/packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandoffRailError } from '../errors.js';
import type { CreatePacketBody } from '../generated/wire.js';
import { LocalRail } from './local-rail.js';
import { Reference } from './reference.features.js';
import { ops, type Step } from './steps.features.js';

const start = Date.parse('2026-01-01T12:00:00.000Z');

const body = (more: object) => ({
  metadata: { source_agent: { id: 'ana', name: 'ana' }, target_agent: { id: 'bo', name: 'bo' } },
  context: { summary: 'Move the billing service' },
  ...more,
});

/** Local mode, asked as its users do. */
class Local {
  #now = start;
  #id = '';
  readonly rail = new LocalRail({ clock: () => this.#now });

  async create(more: object): Promise<void> {
    const packet: CreatePacketBody = body(more);
    this.#id = (await this.rail.createPacket(packet)).id;
  }

  async do(step: Step): Promise<string> {
    if (step.op === 'wait') {
      this.#now += (step.seconds ?? 0) * 1000;
      return (await this.rail.getPacket(this.#id)).status;
    }
    try {
      return (await ops[step.op].call(this.rail, this.#id, step)).status;
    } catch (error) {
      if (error instanceof HandoffRailError) return error.code;
      throw error;
    }
  }

  async events(): Promise<string[]> {
    const types: string[] = [];
    for await (const event of this.rail.getPacketHistory(this.#id, { limit: 200 }))
      types.push(event.event_type);
    return types;
  }
}

const agents = fc.constantFrom('ana', 'bo', 'cy');
const named = fc.oneof(
  fc.constant({}),
  agents.map((agent) => ({ agent })),
);
const ladder = [{ after_seconds: 20, approvers: [{ id: 'boss', kind: 'user' }] }];
const hitls = fc.record({
  reason: fc.constant('Sure?'),
  timeout_seconds: fc.constantFrom(null, 30, 60),
  on_timeout: fc.constantFrom('deny', 'approve', 'fail', 'wait', 'escalate'),
  escalation: fc.constant(ladder),
  remind_before_seconds: fc.constantFrom(null, 5),
});
const byAgent = ['start', 'progress', 'complete', 'release', 'cancel', 'retry', 'update', 'reject'] as const;

const of = (weight: number, op: fc.Arbitrary<Step['op']>, more: fc.Arbitrary<object>) => ({
  weight,
  arbitrary: fc.tuple(op, more).map(([name, rest]): Step => ({ op: name, ...rest })),
});

const steps = fc.oneof(
  of(3, fc.constant('wait'), fc.record({ seconds: fc.integer({ min: 1, max: 90 }) })),
  of(2, fc.constant('claim'), fc.record({ agent: agents })),
  of(2, fc.constant('claim'), fc.record({ agent: agents, lease: fc.constant(40) })),
  of(8, fc.constantFrom(...byAgent), named),
  of(2, fc.constant('fail'), fc.record({ retryable: fc.boolean() })),
  of(2, fc.constant('ask'), fc.record({ hitl: hitls })),
  of(2, fc.constant('respond'), fc.record({ response: fc.constantFrom('Approve', 'Deny', 'perhaps') })),
);
const births = fc.record({
  claim_policy: fc.constantFrom('target', 'open'),
  retry: fc.constantFrom({ max_attempts: 2 }, { max_attempts: 5 }),
  ttl_seconds: fc.constantFrom(null, 100),
  hitl: fc.option(
    hitls.map((hitl) => ({ required: true, ...hitl })),
    { nil: null, freq: 2 },
  ),
});

/** What both must have come to: that they agree says little of what was never asked. */
const wanted = [
  ...['created', 'claimed', 'in_progress', 'awaiting_human', 'completed', 'failed', 'rejected', 'cancelled'],
  ...[
    'expired',
    'invalid_transition',
    'already_claimed',
    'not_the_claimant',
    'stale_claim',
    'awaiting_human',
  ],
];

describe('local mode', () => {
  it('answers whatever it is asked as the rules of the server do', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(births, fc.array(steps, { minLength: 1, maxLength: 25 }), async (more, asked) => {
        const [reference, local] = [new Reference(start), new Local()];
        const packet = normalizeNewPacket(body(more), { now: instantAt(start) });
        reference.ask('create', { packet, trace_id: 'f'.repeat(32), approval_id: 'approval' });
        await local.create(more);
        for (const step of asked) {
          const expected = reference.do(step);
          seen.add(expected);
          expect([step, await local.do(step)]).toEqual([step, expected]);
        }
        expect(await local.events()).toEqual(reference.events.map(({ type }) => type));
      }),
      { numRuns: 500 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(wanted));
  });
});
