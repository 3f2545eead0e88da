import type { PacketDocument } from '#libs/sdk';
import { expect, test } from 'vitest';
import { bodyOf } from './body-of.js';

const packet = (more: Partial<PacketDocument> = {}): PacketDocument => ({
  ...{ id: 'p', tenant_id: 'default', version: '1.0.0', parent_packet_id: null, status: 'claimed' },
  ...{ revision: 2, position: '0-2', hitl: null, routing: null, claim_policy: 'target', progress: null },
  metadata: {
    source_agent: { id: 's', name: 'S', framework: null },
    target_agent: { id: 'b', name: 'B' },
    ...{
      priority: 'high',
      priority_level: 8,
      tags: ['vip'],
      reason: null,
      deadline: '2026-12-24T18:00:00.000Z',
    },
    ...{ created_at: '2026-01-31T12:00:00.000Z', claimed_at: '2026-01-31T12:01:00.000Z', completed_at: null },
  },
  context: {
    summary: 'Refund it',
    conversation_state: [{ role: 'user', content: 'Hi', inherited_from: 'root' }],
    ...{ artifacts: [], custom: { order: 4711 } },
  },
  decisions: [{ id: 'd', decision: 'yes', rationale: 'paid twice', inherited_from: 'root' }],
  actions: {
    pending: [{ id: 'a', description: 'Look', assignee: 'b', inherited_from: 'root' }],
    completed: [],
    failed: [],
  },
  dependencies: [],
  retry: { max_attempts: 5, backoff_seconds: 10 },
  ...{ expires_at: '2026-12-31T00:00:00.000Z', schema_id: null, result: null, failure: null, trace_id: 't' },
  claim: { agent: { id: 'b', name: 'B' }, claim_id: 'c', attempt: 1, claimed_at: '2026-01-31T12:01:00.000Z' },
  chain: { root_id: 'p', depth: 0, path: ['s'] },
  ...{ created_at: '2026-01-31T12:00:00.000Z', updated_at: '2026-01-31T12:01:00.000Z' },
  _links: { self: '', claim: '', history: '', lineage: '' },
  ...more,
});

test('takes the content, and nothing of what happened to it', () => {
  expect(bodyOf(packet(), undefined)).toEqual({
    metadata: {
      source_agent: { id: 's', name: 'S', framework: null },
      target_agent: { id: 'b', name: 'B' },
      ...{ priority: 8, tags: ['vip'], deadline: '2026-12-24T18:00:00.000Z' },
    },
    context: {
      summary: 'Refund it',
      conversation_state: [{ role: 'user', content: 'Hi' }],
      custom: { order: 4711 },
    },
    decisions: [{ id: 'd', decision: 'yes', rationale: 'paid twice' }],
    actions: { pending: [{ id: 'a', description: 'Look', assignee: 'b' }] },
    claim_policy: 'target',
    retry: { max_attempts: 5, backoff_seconds: 10 },
    expires_at: '2026-12-31T00:00:00.000Z',
  });
});

test('asks people again, whatever they said', () => {
  const hitl = {
    ...{
      id: 'approval',
      packet_id: 'p',
      state: 'approved',
      required: true,
      reason: 'much money',
      votes: [{}],
    },
    ...{
      question: 'May it?',
      options: [{ label: 'Yes', decision: 'approve' }],
      approvers: [],
      response: 'Yes',
    },
    ...{ quorum: { approve: 1, deny: 1 }, responded_by: 'ana', expires_at: null, timeout_seconds: null },
  };
  expect(bodyOf(packet({ hitl }), 'parent')).toMatchObject({ parent_packet_id: 'parent' });
  expect(bodyOf(packet({ hitl }), 'parent').hitl).toEqual({
    ...{ required: true, reason: 'much money', question: 'May it?', quorum: { approve: 1, deny: 1 } },
    options: [{ label: 'Yes', decision: 'approve' }],
  });
});
