import type { Approval } from './approval.js';
import { claimOf } from './standing.js';
import type { Failure, Json, JsonObject, PacketDocument } from './document.js';
import type { PacketId } from './ids.js';
import type { ExistingPacket } from './state.js';

const approvalDocument = (approval: Approval): JsonObject => {
  const { policy, requested_key: _key, traceparent: _trace, approvers, ...output } = approval;
  const answer = { response: null, responded_by: null, responded_at: approval.ended_at ?? null, notes: null };
  const document = { ...policy, approvers, ...answer, edits: null, expires_at: null, ...output };
  return document as unknown as JsonObject;
};

const hitlOf = ({ approval, hitl }: ExistingPacket): JsonObject | null => {
  if (approval !== undefined) return approvalDocument(approval);
  return hitl === undefined ? null : ({ ...hitl } as unknown as JsonObject);
};

const failureOf = (packet: ExistingPacket): Failure | null => ('failure' in packet ? packet.failure : null);

const resultOf = (packet: ExistingPacket): Json => (packet.status === 'completed' ? packet.result : null);

const linksOf = (id: PacketId): PacketDocument['_links'] => {
  const self = `/api/v1/packets/${id}`;
  return { self, claim: `${self}/claim`, history: `${self}/history`, lineage: `${self}/lineage` };
};

const metadataOf = ({ content, created_at, first_claimed_at, completed_at }: ExistingPacket) => ({
  ...content.metadata,
  created_at,
  claimed_at: first_claimed_at ?? null,
  completed_at: completed_at ?? null,
});

/** The packet as readers get it; `position` is where its last event stands in the log. */
export const toDocument = (packet: ExistingPacket, position: string): PacketDocument => {
  const { content, terms } = packet;
  return {
    id: packet.id,
    tenant_id: packet.tenant_id,
    version: terms.version,
    parent_packet_id: terms.parent_packet_id,
    status: packet.status,
    revision: packet.revision,
    position,
    metadata: metadataOf(packet),
    context: content.context,
    decisions: content.decisions,
    actions: content.actions,
    dependencies: content.dependencies,
    hitl: hitlOf(packet),
    routing: terms.routing ?? null,
    claim_policy: terms.claim_policy,
    retry: terms.retry,
    expires_at: terms.expires_at ?? null,
    schema_id: terms.schema_id ?? null,
    claim: claimOf(packet) ?? null,
    progress: packet.progress ?? null,
    result: resultOf(packet),
    failure: failureOf(packet),
    chain: packet.chain,
    trace_id: packet.trace_id,
    created_at: packet.created_at,
    updated_at: packet.updated_at,
    _links: linksOf(packet.id),
  };
};
