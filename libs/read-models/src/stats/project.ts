import type { ExistingPacket, Instant, Packet, PacketEventType, PriorityWord } from '#libs/packet';
import { epochOf } from '#libs/packet';
import { endedApprovals, isDecided } from '../approvals/project.js';
import type { Change } from '../logged-event.js';
import { isDeadLetter } from '../packets/project.js';
import { binOf } from './histogram.js';

/** What is added to one counter. Both tables' rows travel in one array; the statement tells them apart. */
export type StatsRow =
  | { counter: 'status'; tenant_id: string; status: string; delta: number }
  | {
      counter: 'activity';
      tenant_id: string;
      hour: string;
      kind: string;
      bin: number;
      delta: number;
      total_ms: number;
    };

/** The events that the activity counts, by the kind they are counted as. */
const counted: Partial<Record<PacketEventType, string>> = {
  'packet.created': 'created',
  'packet.claimed': 'claimed',
  'packet.completed': 'completed',
  'packet.failed': 'failed',
  'packet.rejected': 'rejected',
  'packet.cancelled': 'cancelled',
  'packet.expired': 'expired',
  'packet.claim_expired': 'claims_lost',
  'packet.retried': 'retried',
};

/** The counter of packets that wait to be claimed, by priority. */
export const waitingAt = (priority: PriorityWord): string => `waiting_${priority}`;

const hourOf = (instant: Instant): string => `${instant.slice(0, 13)}:00:00.000Z`;

/** The counters that a packet stands in: its status, and what of it counts by itself. */
const statusesOf = (packet: Packet): string[] => {
  if (packet.status === 'absent') return [];
  if (packet.status === 'created') return ['created', waitingAt(packet.content.metadata.priority)];
  return isDeadLetter(packet) ? [packet.status, 'dead_letter'] : [packet.status];
};

const statusRows = ({ event, before, after }: Change): StatsRow[] => {
  const left = statusesOf(before);
  const entered = statusesOf(after);
  const row = (status: string, delta: number): StatsRow => ({
    counter: 'status',
    tenant_id: event.tenant_id,
    status,
    delta,
  });
  return [
    ...left.filter((status) => !entered.includes(status)).map((status) => row(status, -1)),
    ...entered.filter((status) => !left.includes(status)).map((status) => row(status, 1)),
  ];
};

interface Happening {
  kind: string;
  at: Instant;
  /** Set on durations. */
  since?: Instant;
}

const since = (kind: string, packet: ExistingPacket, at: Instant): Happening => ({
  kind,
  at,
  since: packet.created_at,
});

const durations = ({ before, after }: Change): Happening[] => {
  if (after.status === 'absent' || before.status === 'absent') return [];
  const { first_claimed_at: claimed, completed_at: completed } = after;
  return [
    ...(claimed && claimed !== before.first_claimed_at ? [since('time_to_claim', after, claimed)] : []),
    ...(completed && completed !== before.completed_at ? [since('time_to_complete', after, completed)] : []),
  ];
};

/** A claim that was granted, by the claimant or by the end of a checkpoint. */
const attempts = ({ event, before, after }: Change): Happening[] => {
  const attempt = before.status === 'absent' ? 0 : before.attempt;
  return after.status !== 'absent' && after.attempt > attempt
    ? [{ kind: 'attempts', at: event.occurred_at }]
    : [];
};

/** Checkpoints that ended, and how long people took where they decided. */
const approvals = (change: Change): Happening[] =>
  endedApprovals(change).flatMap((approval) => {
    const { state, ended_at: at, requested_at } = approval;
    const decision = { kind: 'time_to_decision', at, since: requested_at };
    return [{ kind: `approvals_${state}`, at }, ...(isDecided(approval) ? [decision] : [])];
  });

const activityRows = (change: Change): StatsRow[] => {
  const { event } = change;
  const kind = counted[event.type];
  const happenings = [
    ...(kind ? [{ kind, at: event.occurred_at }] : []),
    ...attempts(change),
    ...durations(change),
    ...approvals(change),
  ];
  return happenings.map((happening: Happening) => {
    const ms = happening.since ? Math.max(0, epochOf(happening.at) - epochOf(happening.since)) : 0;
    return {
      counter: 'activity',
      tenant_id: event.tenant_id,
      hour: hourOf(happening.at),
      kind: happening.kind,
      bin: happening.since ? binOf(ms) : 0,
      delta: 1,
      total_ms: ms,
    };
  });
};

const keyOf = (row: StatsRow): string =>
  row.counter === 'status'
    ? `${row.tenant_id} ${row.status}`
    : `${row.tenant_id} ${row.hour} ${row.kind} ${row.bin}`;

/** One row per counter that moved, also when it moved back: which rows there are must not hang on the batches. */
export const projectStats = (changes: readonly Change[]): StatsRow[] => {
  const sums = new Map<string, StatsRow>();
  for (const row of changes.flatMap((change) => [...statusRows(change), ...activityRows(change)])) {
    const sum = sums.get(keyOf(row));
    if (sum === undefined) sums.set(keyOf(row), row);
    else {
      sum.delta += row.delta;
      if (sum.counter === 'activity' && row.counter === 'activity') sum.total_ms += row.total_ms;
    }
  }
  return [...sums.values()];
};
