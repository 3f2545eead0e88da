import { describe, expect, it } from 'vitest';
import type { Inherit } from './commands.js';
import type { JsonObject } from './document.js';
import { childChain } from './create.js';
import { fold } from './evolve.js';
import { after, epochOf } from './ids.js';
import type { PacketId } from './ids.js';
import {
  agent,
  as,
  ask,
  at,
  body,
  bound,
  childId,
  claim,
  complete,
  create,
  fail,
  given,
  limits,
  noon,
  packetAfter,
  packetId,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { mergeAncestors } from './ancestors.js';
import type { CreateInput } from './input.js';
import { normalizeNewPacket } from './normalize.js';
import type { ExistingPacket } from './state.js';
import { jsonBytes } from './text.js';
import type { Verdict } from './verdict.js';

const parent: Partial<CreateInput> = {
  context: {
    summary: 'The parent',
    conversation_state: [
      { role: 'user', content: 'First' },
      { role: 'agent', content: 'Second' },
    ],
    artifacts: [
      { key: 'plan', value: 'parent’s' },
      { key: 'log', value: 'x' },
    ],
    custom: { tone: 'calm', budget: 1 },
  },
  decisions: [
    { id: 'd1', decision: 'Parent', rationale: 'r' },
    { id: 'd2', decision: 'Keep', rationale: 'r' },
  ],
  actions: {
    pending: [
      { id: 'a1', description: 'One', assignee: 'bo', depends_on: ['a0', 'a2'] },
      { id: 'a2', description: 'Two', assignee: 'bo' },
    ],
    completed: [{ id: 'a0', description: 'Zero', result: 'Done' }],
  },
  dependencies: [{ id: 'x', type: 'api', description: 'Ledger' }],
};
const next: Partial<CreateInput> = {
  metadata: { source_agent: agent('bo'), target_agent: agent('cy') },
  context: {
    summary: 'The child',
    conversation_state: [{ role: 'agent', content: 'Third' }],
    artifacts: [{ key: 'plan', value: 'child’s' }],
    custom: { budget: 2 },
  },
  decisions: [{ id: 'd1', decision: 'Child', rationale: 'r' }],
};

const chain = (inherit: Inherit = 'all', more: Partial<CreateInput> = {}, limit = limits): Ask =>
  ask('chain', {
    child_id: childId,
    child: normalizeNewPacket(body({ ...next, ...more }), { now: noon }),
    inherit,
    limits: limit,
    trace_id: 'e'.repeat(32),
    approval_id: 'approval-7',
  });

/** What the child's first event says. */
const bornBy = (verdict: Verdict) => {
  const born = verdict.kind === 'accepted' ? verdict.child?.[0] : undefined;
  if (born?.type !== 'packet.created') throw new Error('refused');
  return born.data;
};

/** The child that a chain makes of a packet after these commands. */
const childOf = (chained: Ask, ...asked: Ask[]): ExistingPacket => {
  const verdict = verdictOf(packetAfter(...asked), chained);
  if (verdict.kind !== 'accepted' || verdict.child === undefined) throw new Error(JSON.stringify(verdict));
  return fold(verdict.child) as ExistingPacket;
};
const from = packetId;

describe('a chain', () => {
  it('makes a child in the same batch and leaves the parent as it is', () => {
    const verdict = verdictOf(packetAfter(create(parent), claim()), chain());
    expect(verdict).toMatchObject({
      kind: 'accepted',
      events: [
        {
          type: 'packet.chained',
          revision: 3,
          data: { child_packet_id: childId, target_agent: agent('cy') },
        },
      ],
      child: [{ type: 'packet.created', packet_id: childId, revision: 1, correlation_id: packetId }],
    });
    expect(childOf(chain(), create(parent), claim())).toMatchObject({
      id: childId,
      status: 'created',
      chain: { root_id: packetId, depth: 1, path: ['ana', 'bo'] },
      terms: { parent_packet_id: packetId },
    });
  });

  it('gives its two events different ids', () => {
    const verdict = verdictOf(packetAfter(create(parent)), chain());
    if (verdict.kind !== 'accepted') throw new Error('refused');
    expect(verdict.child?.[0]?.id).not.toBe(verdict.events[0]?.id);
  });

  it('gives a child without a target to whom the router chose, in the same batch', () => {
    const route = { target: agent('cy'), candidates: [], strategy: 'capability', confidence: 1 };
    const asked = chain('all', { metadata: { source_agent: agent('bo') }, routing: {} });
    const routed = { ...asked, data: { ...asked.data, route } };
    const verdict = verdictOf(packetAfter(create(parent)), routed);
    expect(verdict).toMatchObject({
      events: [{ type: 'packet.chained', data: { target_agent: agent('cy') } }],
      child: [{ type: 'packet.created' }, { type: 'packet.routed', revision: 2, packet_id: childId }],
    });
    expect(childOf(routed, create(parent)).content.metadata.target_agent).toEqual(agent('cy'));
    const ids = verdict.kind === 'accepted' ? [...verdict.events, ...(verdict.child ?? [])] : [];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(3);
  });

  it('can follow most ends, but not a cancelled or an expired packet', () => {
    given(create(parent), claim(), complete()).when(chain()).then('packet.chained', { status: 'completed' });
    given(create(parent), claim(), fail()).when(chain()).then('packet.chained');
    given(create(parent), ask('cancel', {})).when(chain()).thenRefused('invalid_transition');
    given(create({ ttl_seconds: 9 }))
      .when(at(9, chain()))
      .thenRefused('packet_expired');
    given(create({ hitl: { reason: 'Sure?' } }))
      .when(chain())
      .thenRefused('awaiting_human');
  });

  it('is the claimant’s or the source’s, in whose own name the child is', () => {
    given(create(parent), claim())
      .when(as(bound('bo'), chain()))
      .then('packet.chained');
    given(create(parent), claim())
      .when(as(bound('cy'), chain()))
      .thenRefused('not_the_claimant');
    given(create(parent), claim())
      .when(as(bound('ana'), chain()))
      .thenRefused('forbidden');
  });

  it('goes, like a create, only where the tenant lets it, unless nobody is named', () => {
    const forbidden = (asked: Ask): Ask => ({ ...asked, data: { ...asked.data, edge: 'forbidden' } });
    const refusal = { field: 'metadata.target_agent.id' };
    given().when(forbidden(create())).thenRefused('edge_not_allowed', refusal);
    given(create(parent)).when(forbidden(chain())).thenRefused('edge_not_allowed', refusal);
    given(create(parent))
      .when(as(bound('zoe'), forbidden(chain())))
      .thenRefused('not_the_source');
    const metadata = { source_agent: agent('ana') };
    given()
      .when(forbidden(create({ metadata })))
      .then('packet.created');
    given(create(parent))
      .when(forbidden(chain('all', { metadata })))
      .then('packet.chained');
  });

  it('inherits all: the parent’s items first, marked, the child’s own winning', () => {
    const { content } = childOf(chain(), create(parent));
    expect(content.context).toEqual({
      summary: 'The child',
      conversation_state: [
        { role: 'user', content: 'First', inherited_from: from },
        { role: 'agent', content: 'Second', inherited_from: from },
        { role: 'agent', content: 'Third' },
      ],
      artifacts: [
        { key: 'log', value: 'x', inherited_from: from },
        { key: 'plan', value: 'child’s' },
      ],
      custom: { tone: 'calm', budget: 2 },
    });
    expect(content.decisions).toEqual([
      { id: 'd2', decision: 'Keep', rationale: 'r', inherited_from: from },
      { id: 'd1', decision: 'Child', rationale: 'r' },
    ]);
    expect(content.actions).toEqual({
      pending: [
        { id: 'a1', description: 'One', assignee: 'bo', depends_on: ['a2'], inherited_from: from },
        { id: 'a2', description: 'Two', assignee: 'bo', inherited_from: from },
      ],
      completed: [],
      failed: [],
    });
    expect(content.dependencies).toHaveLength(1);
  });

  it('inherits nothing, or the parts that are named', () => {
    const none = childOf(chain('none'), create(parent)).content;
    expect(none).toEqual(normalizeNewPacket(body(next), { now: noon }).content);
    const some = childOf(chain(['decisions', 'custom']), create(parent)).content;
    expect(some.decisions).toHaveLength(2);
    expect(some.context).toMatchObject({
      custom: { tone: 'calm' },
      conversation_state: [{ content: 'Third' }],
    });
    expect(some.actions.pending).toEqual([]);
  });

  it('keeps the first origin over generations', () => {
    const child = childOf(chain(), create(parent));
    const grandId = '01980000-0000-7000-8000-000000000003' as PacketId;
    const asked = { ...chain(), data: { ...chain().data, child_id: grandId } };
    const verdict = verdictOf(child, asked);
    const { content, chain: place } = bornBy(verdict);
    const turns = content.context.conversation_state;
    expect(turns.map((turn) => turn.inherited_from)).toEqual([from, from, childId, undefined]);
    expect(place).toEqual({ root_id: packetId, depth: 2, path: ['ana', 'bo', 'bo'] });
    const merged = mergeAncestors([packetAfter(create(parent)), child, { id: grandId, content }]);
    expect(merged?.context.conversation_state.map(({ content }) => content)).toEqual([
      'First',
      'Second',
      'Third',
      'Third',
    ]);
    expect(merged?.decisions.map(({ id, inherited_from }) => [id, inherited_from])).toEqual([
      ['d1', undefined],
      ['d2', from],
    ]);
  });
});

describe('the size of a child', () => {
  const long: Partial<CreateInput> = {
    context: {
      summary: 's',
      conversation_state: Array.from({ length: 50 }, (_, n) => ({
        role: 'user' as const,
        content: `${n}`.padEnd(100, 'é'),
      })),
    },
  };
  const small = { ...limits, max_bytes: 8000 };

  it('is kept by folding the oldest inherited turns into a reference', () => {
    const { content } = childOf(chain('all', {}, small), create(long));
    const inherited = content.context.custom['inherited'] as JsonObject;
    const turns = content.context.conversation_state.filter((turn) => turn.inherited_from === packetId);
    expect(inherited).toEqual({ packet_id: packetId, turns: 50 - turns.length });
    expect(turns.length).toBeGreaterThan(10);
    expect(turns.at(-1)?.content).toContain('49');
    expect(jsonBytes(content)).toBeLessThanOrEqual(small.max_bytes);
  });

  it('counts what the parent had folded before', () => {
    const child = childOf(chain('all', {}, small), create(long));
    const kept = child.content.context.conversation_state.length;
    const verdict = verdictOf(child, chain('all', {}, { ...limits, max_bytes: 6000 }));
    const { custom, conversation_state } = bornBy(verdict).content.context;
    const gone = kept - (conversation_state.length - 1);
    expect(gone).toBeGreaterThan(0);
    expect(custom['inherited']).toEqual({
      packet_id: childId,
      turns: gone + ((child.content.context.custom['inherited'] as JsonObject)['turns'] as number),
    });
  });

  it('hands on the reference that the parent had, with the conversation only', () => {
    const child = childOf(chain('all', {}, small), create(long));
    const reference = child.content.context.custom['inherited'];
    const born = (asked: Ask) => bornBy(verdictOf(child, asked)).content.context.custom;
    expect(born(chain(['conversation']))).toEqual({ budget: 2, inherited: reference });
    expect(born(chain(['custom']))).toEqual({ budget: 2 });
  });

  it('cannot be kept when the rest alone is too large', () => {
    given(create(long))
      .when(chain('all', { context: { summary: 's', custom: { big: 'x'.repeat(9000) } } }, small))
      .thenRefused('packet_too_large');
  });

  it('holds no more turns than a packet may', () => {
    const many = Array.from({ length: 2000 }, () => ({ role: 'user' as const, content: 'x' }));
    const roomy = { ...limits, max_bytes: 1_048_576 };
    const { content } = childOf(
      chain('all', {}, roomy),
      create({ context: { summary: 's', conversation_state: many } }),
    );
    expect(content.context.conversation_state).toHaveLength(2000);
    expect(content.context.custom['inherited']).toEqual({ packet_id: packetId, turns: 1 });
  });
});

describe('the place in a chain', () => {
  const at3 = { chain: { root_id: packetId, depth: 3, path: ['ana', 'bo', 'ana', 'bo'] } };

  it('has a limit', () => {
    expect(childChain(at3, 'cy', { ...limits, max_chain_depth: 4 })).toMatchObject({ chain: { depth: 4 } });
    expect(childChain(at3, 'cy', { ...limits, max_chain_depth: 3 })).toMatchObject({
      rejection: { code: 'chain_too_deep' },
    });
    given(create())
      .when(chain('all', {}, { ...limits, max_chain_depth: 0 }))
      .thenRefused('chain_too_deep');
  });

  const looping = (hitl: CreateInput['hitl'] = null) => {
    const place = childChain(at3, 'ana', limits);
    if ('rejection' in place) throw new Error('too deep');
    const asked = create({ hitl });
    return { ...asked, data: { ...asked.data, chain: place.chain, limits } };
  };

  it('asks people when the same agent comes up again and again', () => {
    given()
      .when(looping())
      .then('packet.created', { status: 'awaiting_human', approval: { policy: { reason: 'handoff_loop' } } });
    given()
      .when(looping({ reason: 'Spend?', timeout_seconds: 60 }))
      .then('packet.created', {
        approval: { policy: { reason: 'handoff_loop', question: 'Spend?' }, expires_at: after(noon, 60) },
      });
    expect(epochOf(noon)).toBe(Date.UTC(2026, 0, 1, 12));
  });
});
