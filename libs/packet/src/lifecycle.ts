import type { PacketCommandType } from './commands.js';
import type { PacketStatus } from './document.js';
import type { PacketEventType } from './events.js';
import type { Packet } from './state.js';

/**
 * The rules of today: which command may be asked of a packet in which status. `decide` asks this table
 * first; the docs page, the problem documents and the tests are made from it.
 */
export const allowed = {
  absent: ['create'],
  created: ['claim', 'update', 'request_approval', 'reject', 'route', 'cancel', 'expire', 'chain'],
  claimed: [
    'start',
    'progress',
    'update',
    'request_approval',
    'complete',
    'fail',
    'reject',
    'release',
    'lose_claim',
    'cancel',
    'expire',
    'chain',
  ],
  in_progress: [
    'progress',
    'update',
    'request_approval',
    'complete',
    'fail',
    'release',
    'lose_claim',
    'cancel',
    'expire',
    'chain',
  ],
  awaiting_human: [
    'respond',
    'update',
    'escalate_approval',
    'remind_approval',
    'time_out_approval',
    'cancel',
    'expire',
  ],
  completed: ['chain'],
  failed: ['retry', 'chain'],
  rejected: ['retry', 'chain'],
  cancelled: [],
  expired: ['retry'],
} as const satisfies Record<Packet['status'], readonly PacketCommandType[]>;

/**
 * The facts of always: where each event can leave a packet. It may only grow, because old events must fold
 * for ever. `same` leaves the status as it was.
 */
export const statusAfter = {
  'packet.created': ['created', 'awaiting_human'],
  'packet.routed': ['same'],
  'packet.claimed': ['claimed'],
  'packet.started': ['in_progress'],
  'packet.progressed': ['in_progress'],
  'packet.updated': ['same'],
  'packet.approval_requested': ['awaiting_human'],
  'packet.approval_responded': ['same', 'created', 'claimed', 'in_progress', 'failed'],
  'packet.approval_escalated': ['same'],
  'packet.approval_reminded': ['same'],
  'packet.approval_timed_out': ['created', 'claimed', 'in_progress', 'failed'],
  'packet.approval_voided': ['same'],
  'packet.released': ['created'],
  'packet.claim_expired': ['created', 'failed'],
  'packet.completed': ['completed'],
  'packet.failed': ['failed', 'created'],
  'packet.rejected': ['rejected', 'created'],
  'packet.cancelled': ['cancelled'],
  'packet.expired': ['expired'],
  'packet.retried': ['created'],
  'packet.chained': ['same'],
} as const satisfies Record<PacketEventType, readonly (PacketStatus | 'same')[]>;

/** The events that a command can come to, in the order in which one command appends them. */
export const eventsOf = {
  create: ['packet.created', 'packet.routed'],
  claim: ['packet.claimed'],
  start: ['packet.started'],
  progress: ['packet.progressed'],
  update: ['packet.updated', 'packet.approval_voided'],
  request_approval: ['packet.approval_requested'],
  respond: ['packet.approval_responded'],
  escalate_approval: ['packet.approval_escalated'],
  remind_approval: ['packet.approval_reminded'],
  time_out_approval: ['packet.approval_timed_out'],
  complete: ['packet.completed'],
  fail: ['packet.failed'],
  reject: ['packet.rejected', 'packet.routed'],
  release: ['packet.released'],
  lose_claim: ['packet.claim_expired'],
  route: ['packet.routed'],
  cancel: ['packet.cancelled'],
  expire: ['packet.expired'],
  retry: ['packet.retried', 'packet.approval_requested'],
  chain: ['packet.chained'],
} as const satisfies Record<PacketCommandType, readonly PacketEventType[]>;

/** The commands that timers send. One that comes too late is quiet, not refused. */
export const timerCommands = [
  'lose_claim',
  'expire',
  'escalate_approval',
  'remind_approval',
  'time_out_approval',
] as const satisfies readonly PacketCommandType[];

export const terminal = ['completed', 'failed', 'rejected', 'cancelled', 'expired'] as const;

/** Whether nothing but `retry` can follow. */
export const isTerminal = (status: PacketStatus): boolean =>
  (terminal as readonly PacketStatus[]).includes(status);

/** The commands that may be asked of a packet in this status. */
export const commandsFrom = (status: Packet['status']): readonly PacketCommandType[] => allowed[status];
