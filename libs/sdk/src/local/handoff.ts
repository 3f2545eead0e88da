import { commandsFrom, type PacketCommandType, type PacketStatus } from '#libs/packet';
import type { PacketDocument } from '../generated/wire.js';

/** Where a handoff stands. */
export type HandoffStatus = 'pending' | 'accepted' | 'in_progress' | 'completed' | 'rejected' | 'failed';

/** A handoff: a packet in fewer words. */
export interface Handoff {
  id: string;
  from: string;
  /** Null while nobody is found for it. */
  to: string | null;
  /** What is to be done, in prose. */
  task: string;
  /** 1–10, 10 most urgent. */
  priority: number;
  /** RFC 3339. */
  deadline: string | null;
  /** JSON of your own. */
  context: Record<string, unknown>;
  status: HandoffStatus;
  /** Who has accepted it. */
  acceptedBy: string | null;
  /** Why it was rejected, has failed or ended otherwise. */
  reason: string | null;
  /** What it was completed with, any JSON. */
  result: unknown;
  createdAt: string;
  updatedAt: string;
}

/** What can be done with a handoff. */
export type HandoffVerb = 'accept' | 'reject' | 'start' | 'complete' | 'fail';

const words = {
  created: 'pending',
  claimed: 'accepted',
  in_progress: 'in_progress',
  completed: 'completed',
  rejected: 'rejected',
  failed: 'failed',
  // They end without a result, like what has failed; the reason says how.
  cancelled: 'failed',
  expired: 'failed',
} as const satisfies Record<Exclude<PacketStatus, 'awaiting_human'>, HandoffStatus>;

/** A packet that waits for a person is as far as it was when it began to. */
const statusOf = ({ status, claim }: PacketDocument): HandoffStatus => {
  if (status !== 'awaiting_human') return words[status];
  return claim === null ? 'pending' : 'in_progress';
};

/** The packet's statuses that are told as one of a handoff. */
export const packetStatuses = (status: HandoffStatus): PacketStatus[] => {
  const entries = Object.entries(words) as [keyof typeof words, HandoffStatus][];
  const named: PacketStatus[] = entries.filter(([, word]) => word === status).map(([name]) => name);
  return status === 'pending' || status === 'in_progress' ? [...named, 'awaiting_human'] : named;
};

const reasonOf = ({ status, failure }: PacketDocument): string | null => {
  if (failure !== null) return failure.reason;
  if (status === 'cancelled') return 'It was cancelled.';
  return status === 'expired' ? 'Its time to live is over.' : null;
};

export const handoffOf = (packet: PacketDocument): Handoff => ({
  id: packet.id,
  from: packet.metadata.source_agent.id,
  to: packet.metadata.target_agent?.id ?? null,
  task: packet.context.summary,
  priority: packet.metadata.priority_level,
  deadline: packet.metadata.deadline ?? null,
  context: packet.context.custom ?? {},
  status: statusOf(packet),
  acceptedBy: packet.claim?.agent.id ?? null,
  reason: reasonOf(packet),
  result: packet.result,
  createdAt: packet.created_at,
  updatedAt: packet.updated_at,
});

const verbs: Partial<Record<PacketCommandType, HandoffVerb>> = {
  claim: 'accept',
  reject: 'reject',
  start: 'start',
  complete: 'complete',
  fail: 'fail',
};

/** What can be done with a packet in this status, in the words of handoffs. */
export const verbsFrom = (status: PacketStatus): HandoffVerb[] =>
  commandsFrom(status).flatMap((command) => verbs[command] ?? []);
