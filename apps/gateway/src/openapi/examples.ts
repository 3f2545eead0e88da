import type { BodyClass } from '#libs/contracts';
import { controlBodyExamples } from './control-examples.js';
import { deliveryIdExample, hookBodyExamples } from './hook-examples.js';
import { schemaBodyExamples } from './schema-examples.js';
import {
  ChainPacketBody,
  ClaimNextBody,
  ClaimPacketBody,
  ClaimPacketsBody,
  CompletePacketBody,
  CompletePacketsBody,
  CreateLinkBody,
  CreatePacketBody,
  CreatePacketsBody,
  FailPacketBody,
  HeartbeatBody,
  PreviewRouteBody,
  ReasonBody,
  ReasonsBody,
  RegisterAgentBody,
  RejectPacketBody,
  ReleasePacketBody,
  ReportProgressBody,
  RequestApprovalBody,
  RespondBody,
  SetEdgesBody,
  StartPacketBody,
  UpdatePacketBody,
} from '#libs/contracts';

export const packetId = '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60';

export const linkId = '019ab2f5-3a20-7d31-a1b2-c3d4e5f60718';

/** Of the form of one, and none. */
const linkToken = 'AZqy9G8-fBGdVz9-ihwr'.repeat(5).concat('AZqy9G8');

const claimId = '019ab2f5-0c11-7a40-8a3e-1f2e3d4c5b6a';

const handoff = {
  metadata: {
    source_agent: { id: 'sales-01', name: 'SalesBot', framework: 'langchain' },
    target_agent: { id: 'billing-01', name: 'BillingBot' },
    priority: 'high',
    tags: ['upgrade'],
  },
  context: {
    summary: 'The customer wants forty enterprise seats from next month on.',
    conversation_state: [{ role: 'user', content: 'Please move us to the enterprise plan.' }],
    artifacts: [{ key: 'quote', value: { seats: 40, yearly: 38400, currency: 'EUR' } }],
    custom: { crm_id: 'acc-1812' },
  },
  decisions: [{ id: 'd1', decision: 'Offer the list price', rationale: 'No discount below fifty seats.' }],
  actions: { pending: [{ id: 'a1', description: 'Create the subscription', assignee: 'billing-01' }] },
};

/** A checkpoint that is asked for. */
export const checkpoint = {
  reason: 'A refund above the limit of what an agent may pay.',
  question: 'Refund 4,200 EUR to the customer?',
  options: ['Approve', 'Deny'],
  approvers: [{ id: 'finance-lead', kind: 'user' }],
  timeout_seconds: 86_400,
};

/** A valid body of each kind, shown in the API reference; a test validates them all. */
export const bodyExamples = new Map<BodyClass, unknown>([
  [CreatePacketBody, handoff],
  [CreatePacketsBody, { packets: [handoff] }],
  [
    ChainPacketBody,
    {
      metadata: {
        source_agent: { id: 'billing-01', name: 'BillingBot' },
        target_agent: { id: 'mail-01', name: 'MailBot' },
      },
      context: { summary: 'Send the invoice.' },
      inherit: ['conversation', 'decisions', 'artifacts'],
    },
  ],
  [
    UpdatePacketBody,
    {
      context: { append_conversation: [{ role: 'user', content: 'Make it forty-five.' }] },
      actions: { completed: [{ id: 'a1', description: 'Create the subscription', result: 'sub_4711' }] },
    },
  ],
  [ClaimPacketBody, { agent_id: 'billing-01', agent_name: 'BillingBot', lease_seconds: 60 }],
  [
    ClaimNextBody,
    { agent_id: 'billing-01', capabilities: ['invoicing'], max: 2, lease_seconds: 60, wait_seconds: 20 },
  ],
  [ClaimPacketsBody, { packet_ids: [packetId], agent_id: 'billing-01' }],
  [
    HeartbeatBody,
    { claim_id: claimId, lease_seconds: 60, progress: { percent: 60, note: 'The invoice is being made.' } },
  ],
  [StartPacketBody, { agent_id: 'billing-01' }],
  [ReportProgressBody, { percent: 40, note: 'The subscription is made.' }],
  [CompletePacketBody, { agent_id: 'billing-01', result: { invoice: 'inv-2026-118' } }],
  [CompletePacketsBody, { packet_ids: [packetId], result: { invoice: 'inv-2026-118' } }],
  [FailPacketBody, { reason: 'The billing API answers 500.', code: 'upstream_down', retryable: true }],
  [RejectPacketBody, { reason: 'Enterprise contracts are not mine.' }],
  [ReleasePacketBody, { reason: 'The billing API is down.', delay_seconds: 300 }],
  [ReasonBody, { reason: 'The customer has changed their mind.' }],
  [ReasonsBody, { packet_ids: [packetId], reason: 'The campaign is over.' }],
  [CreateLinkBody, { approver: 'finance-lead', expires_in_seconds: 3_600 }],
  [
    RegisterAgentBody,
    {
      name: 'BillingBot',
      framework: 'crewai',
      capabilities: ['billing', 'contract changes'],
      max_concurrency: 4,
      metadata: { region: 'eu' },
      description: 'Makes and changes subscriptions.',
    },
  ],
  [
    SetEdgesBody,
    {
      edges: [
        { from: 'sales-01', to: 'billing-01' },
        { from: '*', to: 'archive-01' },
      ],
    },
  ],
  [
    PreviewRouteBody,
    {
      metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
      context: { summary: 'The customer wants forty enterprise seats from next month on.' },
      actions: { pending: handoff.actions.pending },
      routing: { capabilities: ['billing'], prefer: ['billing-01'] },
    },
  ],
  [RequestApprovalBody, { agent_id: 'billing-01', hitl: checkpoint }],
  [RespondBody, { response: 'Approve', responded_by: 'Mira Okafor', notes: 'Agreed with the customer.' }],
  ...controlBodyExamples,
  ...hookBodyExamples,
  ...schemaBodyExamples,
]);

/** A parameter of each name that the paths have. */
export const parameterExamples: Record<string, string> = {
  id: packetId,
  agent_id: 'billing-01',
  link_id: linkId,
  delivery_id: deliveryIdExample,
  token: linkToken,
  file: 'swagger-ui.css',
};
