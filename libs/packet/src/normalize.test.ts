import { describe, expect, it } from 'vitest';
import { after } from './ids.js';
import { agent, body, noon } from './given.features.js';
import type { CreateInput } from './input.js';
import { checkApproval, checkNewPacket } from './new-packet.js';
import { normalizeNewPacket, normalizePatch } from './normalize.js';
import { normalizeApproval } from './normalize-approval.js';
import { priorityOf } from './priority.js';

const normalized = (more: Partial<CreateInput> = {}) => normalizeNewPacket(body(more), { now: noon });

describe('a create body', () => {
  it('gets every default', () => {
    expect(normalized()).toEqual({
      content: {
        metadata: {
          source_agent: agent('ana'),
          target_agent: agent('bo'),
          priority: 'normal',
          priority_level: 5,
          tags: [],
        },
        context: { summary: 'Move the billing service', conversation_state: [], artifacts: [], custom: {} },
        decisions: [],
        actions: { pending: [], completed: [], failed: [] },
        dependencies: [],
      },
      terms: {
        version: '1.0.0',
        parent_packet_id: null,
        claim_policy: 'target',
        retry: { max_attempts: 5, backoff_seconds: 0 },
      },
    });
  });

  it('counts an explicit null as absent', () => {
    const nothing = {
      routing: null,
      hitl: null,
      retry: null,
      expires_at: null,
      ttl_seconds: null,
      schema_id: null,
    };
    expect(normalized({ ...nothing, version: null, decisions: null, actions: null })).toEqual(normalized());
    const turn = { role: 'user' as const, content: 'Hi', timestamp: null, metadata: null };
    const { context } = normalized({ context: { summary: 's', conversation_state: [turn] } }).content;
    expect(context.conversation_state).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('keeps free JSON as it is', () => {
    const custom = { a: null, b: [null, { c: 1 }] };
    expect(normalized({ context: { summary: 's', custom } }).content.context.custom).toBe(custom);
  });

  it('prints every instant in UTC with milliseconds', () => {
    const when = '2026-03-01T01:00:00+01:00';
    const utc = '2026-03-01T00:00:00.000Z';
    const { content, terms } = normalized({
      expires_at: when,
      metadata: { ...body().metadata, deadline: when },
      decisions: [{ id: 'd', decision: 'd', rationale: 'r', timestamp: when }],
      actions: {
        pending: [{ id: 'p', description: 'd', assignee: 'x', deadline: when, priority: 'urgent' }],
        completed: [{ id: 'c', description: 'd', result: 'r', completed_at: when }],
      },
    });
    expect(terms.expires_at).toBe(utc);
    expect(content.metadata.deadline).toBe(utc);
    expect(content.decisions[0]?.timestamp).toBe(utc);
    expect(content.actions).toMatchObject({
      pending: [{ deadline: utc, priority: 'critical' }],
      completed: [{ completed_at: utc }],
    });
  });

  it('lives as long as it says, or its tenant does', () => {
    expect(normalized({ ttl_seconds: 60 }).terms.expires_at).toBe(after(noon, 60));
    const byTenant = normalizeNewPacket(body(), { now: noon, ttl_seconds: 5 });
    expect(byTenant.terms.expires_at).toBe(after(noon, 5));
    expect(
      normalizeNewPacket(body({ ttl_seconds: 60 }), { now: noon, ttl_seconds: 5 }).terms.expires_at,
    ).toBe(after(noon, 60));
  });
});

describe('a priority', () => {
  it.each([
    ['low', 'low', 2],
    ['normal', 'normal', 5],
    ['medium', 'normal', 5],
    ['high', 'high', 8],
    ['critical', 'critical', 10],
    ['urgent', 'critical', 10],
    [1, 'low', 1],
    [3, 'low', 3],
    [4, 'normal', 4],
    [6, 'normal', 6],
    [7, 'high', 7],
    [8, 'high', 8],
    [9, 'critical', 9],
    [10, 'critical', 10],
    [undefined, 'normal', 5],
    [null, 'normal', 5],
    ['constructor', 'normal', 5],
  ])('%s is %s at level %i', (given, priority, priority_level) =>
    expect(priorityOf(given)).toEqual({ priority, priority_level }),
  );
});

describe('a checkpoint', () => {
  it('gets every default', () => {
    expect(normalizeApproval({ reason: 'Sure?' })).toEqual({
      required: true,
      reason: 'Sure?',
      options: [],
      strict_options: false,
      approvers: [],
      quorum: { approve: 1, deny: 1 },
      allow_agents: false,
      allow_edits: false,
      on_timeout: 'deny',
      escalation: [],
    });
  });

  it('reads plain options as what they say, in any case', () => {
    const options = ['Approve', 'YES', 'deny', 'Reject', 'no', 'Later'];
    expect(normalizeApproval({ reason: 'r', options }).options.map(({ decision }) => decision)).toEqual([
      'approve',
      'approve',
      'deny',
      'deny',
      'deny',
      'custom',
    ]);
  });

  it('escalates where there is a ladder', () => {
    const escalation = [{ after_seconds: 5, approvers: [{ id: 'boss', kind: 'user' as const, name: null }] }];
    expect(normalizeApproval({ reason: 'r', escalation })).toMatchObject({
      on_timeout: 'escalate',
      escalation: [{ after_seconds: 5, approvers: [{ id: 'boss', kind: 'user' }] }],
    });
    expect(normalizeApproval({ reason: 'r', escalation, on_timeout: 'fail' }).on_timeout).toBe('fail');
  });

  it('needs a quorum that can be reached, and steps to escalate by', () => {
    const pat = { id: 'pat', kind: 'user' as const };
    const asked = (more: object) =>
      checkApproval(normalizeApproval({ reason: 'r', approvers: [pat], ...more }));
    expect(asked({ quorum: { approve: 2 } })).toMatchObject({ field: 'hitl.quorum.approve' });
    expect(asked({ quorum: { deny: 'all' } })).toBeNull();
    expect(asked({ quorum: { approve: 2 }, approvers: [pat, { id: 'team', kind: 'group' }] })).toBeNull();
    expect(asked({ quorum: { approve: 2 }, approvers: [] })).toBeNull();
    expect(asked({ on_timeout: 'escalate' })).toMatchObject({ field: 'hitl.on_timeout' });
  });
});

describe('checkNewPacket', () => {
  const errorsOf = (more: Partial<CreateInput>) =>
    checkNewPacket(normalized(more), noon)?.errors?.map(({ field, code }) => [field, code]);

  it('finds nothing wrong with a whole packet', () => expect(errorsOf({ ttl_seconds: 1 })).toBeUndefined());

  it('wants a target or routing', () => {
    const metadata = { source_agent: agent('ana') };
    expect(errorsOf({ metadata })).toEqual([['metadata.target_agent', 'required']]);
    expect(errorsOf({ metadata, routing: { capabilities: ['billing'] } })).toBeUndefined();
  });

  it('names all that is wrong, by path', () => {
    const action = (id: string, depends_on: string[] = []) => ({
      id,
      description: 'd',
      assignee: 'x',
      depends_on,
    });
    const decision = { id: 'd1', decision: 'd', rationale: 'r' };
    const dependency = { id: 'x', type: 'data' as const, description: 'd' };
    const fields = errorsOf({
      metadata: { ...body().metadata, tags: Array.from({ length: 65 }, (_, n) => `t${n}`) },
      context: {
        summary: 's',
        artifacts: [{ key: 'k', value: 'v' }, { key: 'k', value: 7 }, { key: 'none' }],
        conversation_state: [{ role: 'user', content: 'x', timestamp: 'yesterday' }],
      },
      decisions: [decision, decision],
      actions: {
        pending: [action('a1', ['a2', 'a9']), action('a2', ['a2'])],
        completed: [{ id: 'a1', description: 'd', result: 'r' }],
      },
      dependencies: [dependency, dependency],
      hitl: { reason: 'r', on_timeout: 'escalate' },
      expires_at: '2026-01-01T12:00:00Z',
    });
    expect(fields).toEqual([
      ['metadata.tags', 'too_many'],
      ['context.artifacts.1.value', 'type'],
      ['context.artifacts.2', 'required'],
      ['context.artifacts.1.key', 'duplicate'],
      ['decisions.1.id', 'duplicate'],
      ['actions.completed.0.id', 'duplicate'],
      ['actions.pending.0.depends_on.1', 'unknown_action'],
      ['actions.pending.1.depends_on.0', 'unknown_action'],
      ['dependencies.1.id', 'duplicate'],
      ['hitl.on_timeout', 'no_ladder'],
      ['context.conversation_state.0.timestamp', 'instant'],
      ['expires_at', 'past'],
    ]);
  });
});

describe('a PATCH body', () => {
  it('keeps the nulls that remove, and drops the others', () => {
    expect(
      normalizePatch({
        context: { summary: null, custom: null, artifacts: null },
        decisions: null,
        actions: { pending: null },
        metadata: { deadline: null, priority: 'urgent', tags: null },
      }),
    ).toEqual({
      context: { custom: null, artifacts: null },
      actions: {},
      metadata: { deadline: null, priority: 'critical', priority_level: 10 },
    });
  });

  it('records only what was sent, also from a class with undefined fields', () => {
    const sent = normalizePatch({
      context: { summary: 'x', custom: undefined, artifacts: undefined },
      metadata: undefined,
    });
    expect(Object.keys(sent)).toEqual(['context']);
    expect(Object.keys(sent.context ?? {})).toEqual(['summary']);
  });
});
