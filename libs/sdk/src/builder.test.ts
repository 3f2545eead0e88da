import { describe, expect, it } from 'vitest';
import { HandoffPacket } from './builder.js';
import { ValidationError } from './errors.js';

const begun = () => HandoffPacket.builder().fromAgent('sales-01', 'SalesBot').toAgent('billing-01');
const wire = (body: unknown): unknown => JSON.parse(JSON.stringify(body));

describe('the builder', () => {
  it('builds no more than what was said', () => {
    expect(wire(begun().withSummary('Refund').build())).toEqual({
      metadata: {
        source_agent: { id: 'sales-01', name: 'SalesBot' },
        target_agent: { id: 'billing-01', name: 'billing-01' },
      },
      context: { summary: 'Refund' },
    });
  });

  it('builds every part', () => {
    const body = begun()
      .withSummary('Refund')
      .withConversation([{ role: 'user', content: 'I paid twice' }])
      .withConversation([{ role: 'agent', content: 'I look into it' }])
      .withDecision('Refund', { rationale: 'Both cleared' })
      .withDecision('Apologize', { rationale: 'It was us', id: 'sorry' })
      .withAction('Pay', { assignee: 'billing-01', priority: 'high' })
      .withDependency('bank', { type: 'api', description: 'Open' })
      .withArtifact('invoice', { url: 'https://example.com/4711.pdf' })
      .withCustom({ a: 1 })
      .withCustom({ b: 2 })
      .withHitl({ reason: 'Much money', question: 'Refund?', timeoutSeconds: 60 })
      .withPriority('high')
      .withTags('refund', 'vip')
      .withReason('Not my desk')
      .withDeadline(new Date('2026-02-01T00:00:00Z'))
      .withRouting({ capabilities: ['refunds'] })
      .withRetry({ maxAttempts: 2 })
      .withClaimPolicy('open')
      .withExpiry(3600)
      .withSchema('refund@1')
      .withParent({ id: 'p0' })
      .build();
    expect(wire(body)).toEqual({
      parent_packet_id: 'p0',
      metadata: {
        source_agent: { id: 'sales-01', name: 'SalesBot' },
        target_agent: { id: 'billing-01', name: 'billing-01' },
        priority: 'high',
        tags: ['refund', 'vip'],
        reason: 'Not my desk',
        deadline: '2026-02-01T00:00:00.000Z',
      },
      context: {
        summary: 'Refund',
        conversation_state: [
          { role: 'user', content: 'I paid twice' },
          { role: 'agent', content: 'I look into it' },
        ],
        artifacts: [{ key: 'invoice', url: 'https://example.com/4711.pdf' }],
        custom: { a: 1, b: 2 },
      },
      decisions: [
        { id: 'd1', decision: 'Refund', rationale: 'Both cleared' },
        { id: 'sorry', decision: 'Apologize', rationale: 'It was us' },
      ],
      actions: { pending: [{ id: 'a1', description: 'Pay', assignee: 'billing-01', priority: 'high' }] },
      dependencies: [{ id: 'bank', type: 'api', description: 'Open' }],
      hitl: { required: true, reason: 'Much money', question: 'Refund?', timeout_seconds: 60 },
      routing: { capabilities: ['refunds'] },
      retry: { max_attempts: 2 },
      claim_policy: 'open',
      ttl_seconds: 3600,
      schema_id: 'refund@1',
    });
  });

  it.each([
    ['source agent', HandoffPacket.builder().toAgent('b').withSummary('s')],
    ['target agent', HandoffPacket.builder().fromAgent('a').withSummary('s')],
    ['summary', begun()],
    ['summary', HandoffPacket.chain().fromAgent('a').toAgent('b')],
  ])('names a missing %s', (part, builder) => {
    expect(() => builder.build()).toThrow(ValidationError);
    expect(() => builder.build()).toThrow(new RegExp(part));
  });

  it('needs no target where the rail looks for one', () => {
    const body = HandoffPacket.builder().fromAgent('a').withSummary('s').withRouting({}).build();
    expect(body.metadata.target_agent).toBeUndefined();
  });

  it('builds a child with what it takes over', () => {
    const child = HandoffPacket.chain()
      .fromAgent('a')
      .toAgent('b')
      .withSummary('s')
      .inheriting(['decisions']);
    expect(child.byAgent('a').build()).toMatchObject({ inherit: ['decisions'], agent_id: 'a' });
  });
});
