import { escalated, openedIn, reminded, requested, responded, timedOut, voided } from './evolve-approval.js';
import { recorded } from './answered.js';
import { defined } from './defined.js';
import type { AgentRef, PacketContent, Progress } from './document.js';
import type { EventOf, PacketEvent, PacketEventType } from './events.js';
import { applyPatch } from './merge.js';
import { baseOf, closed, failed, held, offered, withoutProgress } from './settle.js';
import { initialState } from './state.js';
import type { ExistingPacket, Packet, PacketBase } from './state.js';

const born = (event: EventOf<'packet.created'>): ExistingPacket => {
  const { content, terms, chain, trace_id, approval, hitl } = event.data;
  const base: PacketBase = {
    id: event.packet_id,
    tenant_id: event.tenant_id,
    revision: event.revision,
    content,
    terms,
    chain,
    trace_id,
    created_at: event.occurred_at,
    updated_at: event.occurred_at,
    opened_at: event.occurred_at,
    attempt: 0,
    failed_attempts: 0,
    rejected_by: [],
    answered: recorded([], event),
    last_command: event.causation_id,
    ...defined({ hitl }),
  };
  return approval === undefined
    ? offered(base)
    : { ...base, status: 'awaiting_human', approval: openedIn(event, approval) };
};

const retargeted = (content: PacketContent, target: AgentRef | undefined): PacketContent => {
  const { target_agent, ...metadata } = content.metadata;
  return { ...content, metadata: { ...metadata, ...defined({ target_agent: target }) } };
};

const routed: Change<'packet.routed'> = (packet, { data }) => ({
  ...packet,
  content: retargeted(packet.content, data.target),
});

const claimed: Change<'packet.claimed'> = (packet, { data }) =>
  held(withoutProgress(baseOf(packet)), 'claimed', data.claim);

const started: Change<'packet.started'> = (packet) =>
  packet.status === 'claimed' ? { ...packet, status: 'in_progress' } : packet;

const progressed: Change<'packet.progressed'> = (packet, { data, occurred_at }) => {
  const progress: Progress = {
    percent: data.percent,
    updated_at: occurred_at,
    ...defined({ note: data.note }),
  };
  return packet.status === 'claimed' || packet.status === 'in_progress'
    ? { ...packet, status: 'in_progress', progress }
    : { ...packet, progress };
};

const updated: Change<'packet.updated'> = (packet, { data }) => ({
  ...packet,
  content: applyPatch(packet.content, data.patch),
});

const released: Change<'packet.released'> = (packet, { data }) => offered(baseOf(packet), data.available_at);

const counted = (packet: ExistingPacket): PacketBase => ({
  ...baseOf(packet),
  failed_attempts: packet.failed_attempts + 1,
});

const claimExpired: Change<'packet.claim_expired'> = (packet, { data, occurred_at }) =>
  data.dead_letter
    ? failed(counted(packet), {
        code: 'max_attempts',
        reason: `The claim of attempt ${data.attempt} was lost, and no attempt is left.`,
        retryable: true,
        at: occurred_at,
      })
    : offered(counted(packet), data.available_at);

const completed: Change<'packet.completed'> = (packet, { data, occurred_at }) =>
  'claim' in packet && packet.claim !== undefined
    ? {
        ...baseOf(packet),
        completed_at: occurred_at,
        status: 'completed',
        claim: packet.claim,
        result: data.result,
      }
    : packet;

const hasFailed: Change<'packet.failed'> = (packet, { data, occurred_at }) => {
  const { code, reason, retryable } = data;
  if (data.offered_again) return offered(counted(packet), data.available_at);
  const failure = retryable
    ? { code: 'max_attempts', reason: `${code}: ${reason}`, retryable, at: occurred_at }
    : { code, reason, retryable, at: occurred_at };
  const claim = 'claim' in packet ? packet.claim : undefined;
  return { ...failed(counted(packet), failure), ...defined({ claim }) };
};

const rejected: Change<'packet.rejected'> = (packet, { data, occurred_at }) => {
  const base = { ...baseOf(packet), rejected_by: [...packet.rejected_by, data.by] };
  if (data.rerouted) return offered({ ...base, content: retargeted(base.content, data.next_target) });
  const failure = { code: 'rejected', reason: data.reason, retryable: false, at: occurred_at };
  return { ...base, status: 'rejected', failure };
};

const cancelled: Change<'packet.cancelled'> = (packet, { data, occurred_at }) => ({
  ...closed(baseOf(packet), occurred_at),
  status: 'cancelled',
  ...defined({ reason: data.reason }),
});

const expired: Change<'packet.expired'> = (packet, { data, occurred_at }) => ({
  ...closed(baseOf(packet), occurred_at),
  status: 'expired',
  reason: data.reason,
});

const retried: Change<'packet.retried'> = (packet, { data, occurred_at }) => {
  const base = { ...baseOf(packet), failed_attempts: 0, opened_at: occurred_at };
  if (data.expires_at === undefined) return offered(base);
  return offered({ ...base, terms: { ...base.terms, expires_at: data.expires_at } });
};

const unchanged: Change<PacketEventType> = (packet) => packet;

type Change<T extends PacketEventType> = (packet: ExistingPacket, event: EventOf<T>) => ExistingPacket;

/** What each event makes of a packet. It may meet a packet that no rule of today would have let it meet. */
const changes: { [T in PacketEventType]: Change<T> } = {
  'packet.created': unchanged,
  'packet.routed': routed,
  'packet.claimed': claimed,
  'packet.started': started,
  'packet.progressed': progressed,
  'packet.updated': updated,
  'packet.approval_requested': requested,
  'packet.approval_responded': responded,
  'packet.approval_escalated': escalated,
  'packet.approval_reminded': reminded,
  'packet.approval_timed_out': timedOut,
  'packet.approval_voided': voided,
  'packet.released': released,
  'packet.claim_expired': claimExpired,
  'packet.completed': completed,
  'packet.failed': hasFailed,
  'packet.rejected': rejected,
  'packet.cancelled': cancelled,
  'packet.expired': expired,
  'packet.retried': retried,
  'packet.chained': unchanged,
};

const changed = (packet: ExistingPacket, event: PacketEvent): ExistingPacket => {
  const change = Object.hasOwn(changes, event.type) ? changes[event.type] : unchanged;
  return (change as (packet: ExistingPacket, event: PacketEvent) => ExistingPacket)(packet, event);
};

/** The packet with where it now stands in its history. What a change has just made is written to in place. */
const stamped = (before: ExistingPacket, next: ExistingPacket, event: PacketEvent): ExistingPacket => {
  const packet = next === before ? { ...next } : next;
  packet.revision = event.revision;
  packet.updated_at = event.occurred_at;
  packet.answered = recorded(before.answered, event);
  packet.last_command = event.causation_id;
  return packet;
};

const applied = (packet: Packet, event: PacketEvent): Packet => {
  if (packet.status !== 'absent') return stamped(packet, changed(packet, event), event);
  return event.type === 'packet.created' ? born(event) : packet;
};

/**
 * The packet after one more event. Total: an event that cannot be read, or that does not fit, counts as a
 * revision and changes nothing else, because what is recorded cannot be refused any more.
 */
export const evolve = (packet: Packet, event: PacketEvent): Packet => {
  try {
    return applied(packet, event);
  } catch {
    return packet.status === 'absent' ? packet : stamped(packet, packet, event);
  }
};

/** The packet that a history, or the rest of one, comes to. */
export const fold = (events: Iterable<PacketEvent>, from: Packet = initialState): Packet => {
  let packet = from;
  for (const event of events) packet = evolve(packet, event);
  return packet;
};
