import { dueOf, reminderOf } from './approval-clock.js';
import { epochOf } from './ids.js';
import type { Instant } from './ids.js';
import type { Packet } from './state.js';
import type { PacketTimer } from './timers.js';

/** What a timer of a checkpoint is for; `step` counts the steps of the ladder that were taken before. */
export interface ApprovalTimer {
  approval_id: string;
  what: 'step' | 'timeout' | 'remind';
  step: number;
}

/** The timers that an open checkpoint waits with: for the next end of its clock, and for the reminder before. */
export const approvalTimers = (packet: Packet): PacketTimer[] => {
  if (packet.status !== 'awaiting_human') return [];
  const { id: approval_id, escalation_step } = packet.approval;
  const timer = (what: ApprovalTimer['what'], at: Instant): PacketTimer => ({
    kind: 'approval',
    key: [packet.tenant_id, packet.id, approval_id, `${what}-${escalation_step}`, String(epochOf(at))],
    at,
  });
  const due = dueOf(packet.approval);
  const reminder = reminderOf(packet.approval);
  return [
    ...(due === undefined ? [] : [timer(due.what, due.at)]),
    ...(reminder === undefined ? [] : [timer('remind', reminder)]),
  ];
};

const named = /^(step|timeout|remind)-(\d+)$/;

/** What the key of a timer of the kind `approval` says; null for any other key. */
export const readApprovalTimer = ([, , approval_id, word = '']: readonly string[]): ApprovalTimer | null => {
  const [, what, step] = named.exec(word) ?? [];
  if (approval_id === undefined || what === undefined) return null;
  return { approval_id, what: what as ApprovalTimer['what'], step: Number(step) };
};
