import { CreatePacketBody, formatPosition, PacketDocumentBody } from '#libs/contracts';
import {
  type ApprovalDocument,
  type CommandMeta,
  type CreateInput,
  decide,
  type ExistingPacket,
  fold,
  instantAt,
  normalizeNewPacket,
  type PacketDocument,
  type PacketId,
  type TenantId,
  toApprovalDocument,
  toDocument,
} from '#libs/packet';
import { auditAnswerExamples } from '../audit/examples.js';
import { controlAnswerExamples } from './control-examples.js';
import { hookAnswerExamples } from './hook-examples.js';
import { schemaAnswerExamples } from './schema-examples.js';
import { systemAnswerExamples } from './system-examples.js';
import { bodyExamples, checkpoint, linkId, packetId, parameterExamples } from './examples.js';

const at = instantAt(Date.UTC(2026, 0, 31, 12));
const traceId = '7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b';
const keyId = '019ab2f4-5a10-7d43-8c22-51c0f2a7b9e4';
const eventId = '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b61';
const tenant = 'default';

const meta: CommandMeta = {
  command_id: eventId as CommandMeta['command_id'],
  tenant_id: tenant as TenantId,
  packet_id: packetId as PacketId,
  now: at,
  event_id: eventId,
  principal: { tenant_id: tenant as TenantId, key_id: keyId, role: 'writer', type: 'agent' },
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
};

/** The packet that the create example makes, as the domain makes it. */
const exampleState = (more: object = {}): ExistingPacket => {
  const body = { ...(bodyExamples.get(CreatePacketBody) as CreateInput), ...more };
  const packet = normalizeNewPacket(body, { now: at });
  const data = { packet, trace_id: traceId, approval_id: eventId };
  const verdict = decide({ type: 'create', meta, data }, { status: 'absent' });
  const state = fold(verdict.kind === 'accepted' ? verdict.events : []);
  if (state.status === 'absent') throw new Error('The create example makes no packet.');
  return state;
};

const exampleApproval = (): ApprovalDocument => {
  const state = exampleState({ hitl: checkpoint });
  if (state.approval === undefined) throw new Error('The checkpoint of the example is not open.');
  return toApprovalDocument(state, state.approval);
};

const askingPacket = ({ context, metadata }: PacketDocument) => ({
  status: 'awaiting_human',
  summary: context.summary,
  priority_level: metadata.priority_level,
  source_agent: metadata.source_agent.id,
  target_agent: metadata.target_agent?.id ?? null,
});

const link = {
  link_id: linkId,
  approval_id: eventId,
  approver: 'finance-lead',
  status: 'open',
  created_at: at,
  created_by: keyId,
  expires_at: instantAt(Date.UTC(2026, 1, 1, 12)),
};
const linkExamples = {
  LinkDocument: link,
  MadeLinkDocument: { ...link, url: `https://rail.example.com/a/${parameterExamples['token']}` },
  LinkListDocument: { links: [{ ...link, status: 'used', used_at: at }] },
};
const otherExamples = {
  ...linkExamples,
  ...schemaAnswerExamples,
  ...hookAnswerExamples,
  ...controlAnswerExamples,
  ...systemAnswerExamples,
};

const page = { total: 1, total_capped: false, limit: 50, offset: 0, next_cursor: null };

const historyOf = ({ metadata }: PacketDocument) => ({
  packet_id: packetId,
  events: [
    {
      id: eventId,
      packet_id: packetId,
      event_type: 'packet.created',
      revision: 1,
      actor: { type: 'agent', id: keyId, key_id: keyId },
      details: { metadata: { source_agent: metadata.source_agent } },
      timestamp: at,
      trace_id: traceId,
    },
  ],
  next_cursor: null,
});

const lineageOf = ({ status, context, metadata }: PacketDocument) => ({
  packet_id: packetId,
  root_id: packetId,
  root: {
    id: packetId,
    parent_packet_id: null,
    status,
    summary: context.summary,
    depth: 0,
    source_agent: metadata.source_agent.id,
    target_agent: metadata.target_agent?.id ?? null,
    created_at: at,
    children: [],
  },
  ancestors: [],
  descendants: [],
  truncated: false,
});

const counts = { created: 1, claimed: 0, completed: 0, failed: 0, rejected: 0, cancelled: 0, expired: 0 };
const approvalCounts = {
  approvals_approved: 0,
  approvals_denied: 0,
  approvals_answered: 0,
  approvals_timed_out: 0,
  approvals_voided: 0,
};
const stats = {
  by_status: { ...counts, in_progress: 0, awaiting_human: 0 },
  total: 1,
  dead_letters: 0,
  overdue: 0,
  overdue_capped: false,
  waiting: { low: 0, normal: 1, high: 0, critical: 0 },
  oldest_waiting_seconds: 12,
  approvals_open: 0,
  approvals_overdue: 0,
  deliveries: { open: 2, retrying: 1, dead_letters: 0, capped: false },
  live_streams: 3,
  last_24h: { ...counts, ...approvalCounts, attempts: 0, claims_lost: 0, retried: 0 },
  time_to_claim: { count: 1, mean_ms: 840, p95_ms: 900 },
  time_to_complete: null,
  time_to_decision: null,
};

const usage = {
  tier: 'free',
  packets_per_day: { limit: 5, used: 3, resets_at: instantAt(Date.UTC(2026, 1, 1)) },
  requests_per_hour: { limit: 100, used: 12, resets_at: instantAt(Date.UTC(2026, 0, 31, 13)) },
  requests_per_minute: { limit: 60 },
  agents: { limit: 2, used: 1 },
  keys: { limit: 1, used: 1 },
  webhooks: { limit: 1, used: 0 },
  streams: { limit: 1, used: 1 },
  packet_bytes: { limit: 65_536 },
  audit_days: { limit: 7 },
};

const agent = {
  id: 'billing-01',
  name: 'BillingBot',
  framework: 'crewai',
  capabilities: ['billing', 'contract changes'],
  max_concurrency: 4,
  present: true,
  seen_at: at,
  created_at: at,
  updated_at: at,
};

/** An answer of each kind, by the name of its schema; a test holds them to it. */
export const answerExamples = (): Record<string, unknown> => {
  const packet = toDocument(exampleState(), formatPosition(1));
  return {
    [PacketDocumentBody.name]: packet,
    PacketListDocument: { packets: [packet], ...page },
    PacketSearchDocument: {
      packets: [{ ...packet, highlights: ['forty <mark>enterprise</mark> seats'] }],
      ...page,
    },
    HistoryDocument: historyOf(packet),
    LineageDocument: lineageOf(packet),
    HeartbeatDocument: {
      lease_expires_at: instantAt(Date.UTC(2026, 0, 31, 12, 1)),
      directive: 'continue',
    },
    ApprovalDocument: exampleApproval(),
    ApprovalListDocument: {
      approvals: [{ ...exampleApproval(), packet: askingPacket(packet) }],
      total: 1,
      total_capped: false,
      limit: 50,
      next_cursor: null,
    },
    StatsDocument: stats,
    UsageDocument: usage,
    ...otherExamples,
    ...auditAnswerExamples,
    AgentDocument: agent,
    AgentListDocument: { agents: [agent], total: 1, limit: 50, next_cursor: null },
    PresenceDocument: {
      agent_id: agent.id,
      seen_at: at,
      present_until: instantAt(Date.UTC(2026, 0, 31, 12, 1)),
    },
    RoutePreviewDocument: {
      target: { id: agent.id, name: agent.name },
      candidates: [
        {
          id: agent.id,
          score: 1,
          why: 'It has all required capabilities (1), and the packet prefers it; 2 open packets, no success yet.',
        },
      ],
      strategy: 'capability',
      confidence: 1,
    },
    EdgesDocument: { edges: [{ from: 'sales-01', to: agent.id }], updated_at: at },
  };
};
