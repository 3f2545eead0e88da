import type { Approval } from './approval.js';
import { defined } from './defined.js';
import type { Approver } from './document.js';
import type { EventFrame, EventOf } from './events.js';
import { applyPatch } from './merge.js';
import { baseOf, failed, resumed } from './settle.js';
import type { AwaitingPacket, ExistingPacket } from './state.js';

/** The packet, if it waits at this very checkpoint; anything else recorded about another one is skipped. */
const waiting = (packet: ExistingPacket, approval_id: string): AwaitingPacket | null =>
  packet.status === 'awaiting_human' && packet.approval.id === approval_id ? packet : null;

/** A checkpoint remembers the step of the trace that opened it: what is decided about it refers back there. */
export const openedIn = ({ traceparent }: EventFrame, approval: Approval): Approval => ({
  ...approval,
  traceparent,
});

export const requested = (
  packet: ExistingPacket,
  event: EventOf<'packet.approval_requested'>,
): ExistingPacket => {
  const base = { ...baseOf(packet), approval: openedIn(event, event.data.approval) };
  if (packet.status !== 'claimed' && packet.status !== 'in_progress')
    return { ...base, status: 'awaiting_human' };
  return { ...base, status: 'awaiting_human', resume: { status: packet.status, claim: packet.claim } };
};

const voted = (approval: Approval, { data, occurred_at }: EventOf<'packet.approval_responded'>): Approval => {
  const { vote, outcome, edits } = data;
  const votes = [...approval.votes.filter(({ approver }) => approver !== vote.approver), vote];
  if (outcome === undefined) return { ...approval, votes };
  return {
    ...approval,
    votes,
    state: outcome,
    ended_at: occurred_at,
    response: vote.response,
    responded_by: vote.responded_by,
    ...defined({ notes: vote.notes, edits }),
  };
};

export const responded = (
  packet: ExistingPacket,
  event: EventOf<'packet.approval_responded'>,
): ExistingPacket => {
  const { data, occurred_at } = event;
  const waits = waiting(packet, data.approval_id);
  if (waits === null) return packet;
  const content = data.edits === undefined ? waits.content : applyPatch(waits.content, data.edits);
  const next: AwaitingPacket = { ...waits, content, approval: voted(waits.approval, event) };
  if (data.outcome === undefined) return next;
  if (data.outcome !== 'denied') return resumed(next, data.claim, occurred_at);
  const { response } = data.vote;
  return failed(baseOf(next), {
    code: 'approval_denied',
    reason: response,
    retryable: false,
    at: occurred_at,
  });
};

const joined = (approvers: Approver[], more: Approver[]): Approver[] => [
  ...approvers,
  ...more.filter((one) => !approvers.some(({ id, kind }) => id === one.id && kind === one.kind)),
];

export const escalated = (
  packet: ExistingPacket,
  { data, occurred_at }: EventOf<'packet.approval_escalated'>,
): ExistingPacket => {
  const waits = waiting(packet, data.approval_id);
  if (waits === null) return packet;
  const { expires_at, ...approval } = waits.approval;
  return {
    ...waits,
    approval: {
      ...approval,
      approvers: joined(approval.approvers, data.approvers),
      escalation_step: data.step,
      escalated_at: occurred_at,
      ...defined({ expires_at: data.expires_at }),
    },
  };
};

export const reminded = (
  packet: ExistingPacket,
  { data, occurred_at }: EventOf<'packet.approval_reminded'>,
): ExistingPacket => {
  const waits = waiting(packet, data.approval_id);
  return waits === null ? packet : { ...waits, approval: { ...waits.approval, reminded_at: occurred_at } };
};

export const timedOut = (
  packet: ExistingPacket,
  { data, occurred_at }: EventOf<'packet.approval_timed_out'>,
): ExistingPacket => {
  const waits = waiting(packet, data.approval_id);
  if (waits === null) return packet;
  const ended = { state: 'timed_out', effect: data.effect, ended_at: occurred_at } as const;
  const next = { ...waits, approval: { ...waits.approval, ...ended } };
  if (data.effect === 'approve') return resumed(next, data.claim, occurred_at);
  const reason = 'Nobody decided in time.';
  return failed(baseOf(next), { code: 'approval_timed_out', reason, retryable: false, at: occurred_at });
};

export const voided = (packet: ExistingPacket, event: EventOf<'packet.approval_voided'>): ExistingPacket => {
  const { approval_id, replaced_by } = event.data;
  const waits = waiting(packet, approval_id);
  return waits === null ? packet : { ...waits, approval: openedIn(event, replaced_by) };
};
