import { describe, expect, it } from 'vitest';
import type { CreateInput, PatchInput } from './input.js';
import { as, bound, claim, complete, create, given, limits, packetAfter, update } from './given.features.js';
import { mergeJson } from './merge.js';
import { normalizePatch } from './normalize.js';

const filled: Partial<CreateInput> = {
  context: {
    summary: 'Move it',
    conversation_state: [{ role: 'user', content: 'Hi' }],
    artifacts: [{ key: 'plan', value: 'v1' }],
    custom: { a: 1, b: { c: 2, d: 3 } },
  },
  decisions: [{ id: 'd1', decision: 'Go', rationale: 'Now', decided_by: 'ana' }],
  actions: {
    pending: [
      { id: 'a1', description: 'One', assignee: 'bo' },
      { id: 'a2', description: 'Two', assignee: 'bo', depends_on: ['a1'] },
    ],
  },
  dependencies: [{ id: 'x', type: 'api', description: 'Ledger', status: 'blocked' }],
};
const packet = given(create(filled));
const patch = (body: PatchInput) => update(normalizePatch(body));
const content = (body: PatchInput) => packet.when(patch(body)).then('packet.updated').content;

describe('an update', () => {
  it('leaves what it does not name', () => {
    const before = packetAfter(create(filled)).content;
    const next = content({ context: { summary: 'Moved' } });
    expect(next).toEqual({ ...before, context: { ...before.context, summary: 'Moved' } });
    expect(content({ metadata: { priority: 9 } }).metadata).toMatchObject({
      priority: 'critical',
      priority_level: 9,
      tags: [],
    });
  });

  it('merges custom as RFC 7396 says, replaces lists, empties by null', () => {
    expect(content({ context: { custom: { a: null, b: { d: 4 }, e: [1] } } }).context.custom).toEqual({
      b: { c: 2, d: 4 },
      e: [1],
    });
    expect(content({ context: { custom: null } }).context.custom).toEqual({});
    expect(content({ context: { conversation_state: null, artifacts: null } }).context).toMatchObject({
      summary: 'Move it',
      conversation_state: [],
      artifacts: [],
    });
  });

  it('appends turns and upserts artifacts by key', () => {
    const { context } = content({
      context: {
        append_conversation: [{ role: 'agent', content: 'Hello' }],
        upsert_artifacts: [
          { key: 'plan', url: 'https://x.test/plan' },
          { key: 'log', value: ['a'] },
        ],
      },
    });
    expect(context.conversation_state.map((turn) => turn.content)).toEqual(['Hi', 'Hello']);
    expect(context.artifacts).toEqual([
      { key: 'plan', url: 'https://x.test/plan' },
      { key: 'log', value: ['a'] },
    ]);
  });

  it('merges decisions and dependencies by id', () => {
    const next = content({
      decisions: [
        { id: 'd1', decision: 'Stop', rationale: 'Late' },
        { id: 'd2', decision: 'Ask', rationale: 'Why' },
      ],
      dependencies: [{ id: 'x', type: 'api', description: 'The ledger' }],
    });
    expect(next.decisions).toEqual([
      { id: 'd1', decision: 'Stop', rationale: 'Late', decided_by: 'ana' },
      { id: 'd2', decision: 'Ask', rationale: 'Why' },
    ]);
    expect(next.dependencies).toEqual([
      { id: 'x', type: 'api', description: 'The ledger', status: 'blocked' },
    ]);
    expect(
      content({ dependencies: [{ id: 'y', type: 'data', description: 'Rows' }] }).dependencies[1]?.status,
    ).toBe('unknown');
  });

  it('moves an action to the list where it arrives', () => {
    const done = content({ actions: { completed: [{ id: 'a1', description: 'One', result: 'Fine' }] } });
    expect(done.actions.pending.map(({ id }) => id)).toEqual(['a2']);
    expect(done.actions.completed).toEqual([{ id: 'a1', description: 'One', result: 'Fine' }]);
    const broken = content({ actions: { failed: [{ id: 'a2', description: 'Two', error: 'No' }] } });
    expect(broken.actions).toMatchObject({ pending: [{ id: 'a1' }], completed: [], failed: [{ id: 'a2' }] });
  });

  it('sets and removes the deadline', () => {
    const deadline = '2026-02-01T10:00:00+02:00';
    expect(content({ metadata: { deadline } }).metadata.deadline).toBe('2026-02-01T08:00:00.000Z');
    const dated = given(create(filled), patch({ metadata: { deadline } }));
    expect(
      dated.when(patch({ metadata: { deadline: null } })).then('packet.updated').content.metadata,
    ).not.toHaveProperty('deadline');
  });

  it('is quiet when nothing changes', () => {
    packet.when(patch({})).thenQuiet();
    packet.when(patch({ context: { summary: 'Move it', custom: { a: 1 } } })).thenQuiet();
  });

  it('is refused when the packet would not be one any more', () => {
    packet
      .when(
        patch({
          actions: { pending: [{ id: 'a1', description: 'One', assignee: 'bo', depends_on: ['a9'] }] },
        }),
      )
      .thenRefused('validation_failed', { field: 'actions.pending.0.depends_on.0' });
    packet
      .when(
        patch({
          actions: {
            pending: [{ id: 'a7', description: 'x', assignee: 'bo' }],
            failed: [{ id: 'a7', description: 'x', error: 'y' }],
          },
        }),
      )
      .thenRefused('validation_failed', { field: 'actions.failed.0.id' });
    const turns = Array.from({ length: 2000 }, () => ({ role: 'user' as const, content: '.' }));
    packet
      .when(patch({ context: { append_conversation: turns } }))
      .thenRefused('validation_failed', { field: 'context.conversation_state' });
    packet
      .when(patch({ context: { custom: { big: 'é'.repeat(limits.max_bytes / 2) } } }))
      .thenRefused('packet_too_large');
  });

  it('is the source’s before a claim and the claimant’s after it', () => {
    const change = patch({ metadata: { tags: ['x'] } });
    packet.when(as(bound('ana'), change)).then('packet.updated');
    packet.when(as(bound('bo'), change)).thenRefused('not_the_source');
    given(create(filled), claim())
      .when(as(bound('bo'), change))
      .then('packet.updated');
    given(create(filled), claim())
      .when(as(bound('ana'), change))
      .thenRefused('not_the_claimant');
    given(create(filled), claim(), complete()).when(change).thenRefused('invalid_transition');
  });

  it('records the patch, not its result', () => {
    packet
      .when(patch({ context: { custom: { a: null } } }))
      .thenData({ patch: { context: { custom: { a: null } } } });
  });
});

describe('JSON merge patch', () => {
  it('does what the examples of RFC 7396 say', () => {
    expect(mergeJson({ a: 'b' }, { a: 'c' })).toEqual({ a: 'c' });
    expect(mergeJson({ a: 'b' }, { b: 'c' })).toEqual({ a: 'b', b: 'c' });
    expect(mergeJson({ a: 'b' }, { a: null })).toEqual({});
    expect(mergeJson({ a: ['b'] }, { a: 'c' })).toEqual({ a: 'c' });
    expect(mergeJson({ a: { b: 'c' } }, { a: { b: 'd', c: null } })).toEqual({ a: { b: 'd' } });
    expect(mergeJson({ a: [{ b: 'c' }] }, { a: [1] })).toEqual({ a: [1] });
    expect(mergeJson(['a', 'b'], ['c', 'd'])).toEqual(['c', 'd']);
    expect(mergeJson({ e: null }, { a: 1 })).toEqual({ e: null, a: 1 });
    expect(mergeJson([1, 2], { a: 'b', c: null })).toEqual({ a: 'b' });
    expect(mergeJson({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
  });

  it('takes the key __proto__ as data', () => {
    const merged = mergeJson({}, JSON.parse('{"__proto__": {"polluted": true}}') as never) as object;
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});
