import { approvalTimers } from './approval-timers.js';
import type { Claim } from './document.js';
import { epochOf } from './ids.js';
import type { Instant } from './ids.js';
import { isTerminal } from './lifecycle.js';
import { claimOf } from './standing.js';
import type { ExistingPacket, Packet } from './state.js';

/** Names one timer: of the same kind and key there is never more than one. */
export interface PacketTimerId {
  kind: 'lease' | 'expiry' | 'approval';
  /**
   * Tenant and packet first. A lease adds its claim, so that two claimants who race have a timer each; an
   * expiry adds its time in milliseconds, so that a create which comes again cannot move it. A checkpoint adds
   * its id, what is due at which step, and the time likewise: of two that race, the loser's is another timer.
   */
  key: string[];
}

export interface PacketTimer extends PacketTimerId {
  /** When it fires. */
  at: Instant;
}

export interface TimerChanges {
  /** To be stored before the events that ask for them: one whose event never came fires idly. */
  set: PacketTimer[];
  /** Not needed any more; never one that a later command could need again. */
  cancel: PacketTimerId[];
}

const leaseTimer = (packet: Packet): PacketTimer | undefined => {
  if (packet.status !== 'claimed' && packet.status !== 'in_progress') return undefined;
  const { claim_id, lease_expires_at } = packet.claim;
  if (lease_expires_at === undefined) return undefined;
  return { kind: 'lease', key: [packet.tenant_id, packet.id, claim_id], at: lease_expires_at };
};

/** The timer of a lease on this claim, wherever it stands. */
export const leaseTimerId = ({ tenant_id, id }: ExistingPacket, claim_id: string): PacketTimerId => ({
  kind: 'lease',
  key: [tenant_id, id, claim_id],
});

const expiryTimer = (packet: Packet): PacketTimer | undefined => {
  if (packet.status === 'absent' || isTerminal(packet.status)) return undefined;
  const { expires_at } = packet.terms;
  if (expires_at === undefined) return undefined;
  return { kind: 'expiry', key: [packet.tenant_id, packet.id, String(epochOf(expires_at))], at: expires_at };
};

// Heartbeats move the timer of a lease and leave the claim as it was recorded, so that only what a command
// changes is news.
const isNews = (timer: PacketTimer | undefined, before: PacketTimer | undefined): timer is PacketTimer =>
  timer !== undefined && (timer.at !== before?.at || timer.key.join() !== before.key.join());

/** The claim that is held, or that a person is waited for with. */
const openClaim = (packet: Packet): Claim | undefined =>
  packet.status === 'absent' || isTerminal(packet.status) ? undefined : claimOf(packet);

const endedLease = (before: Packet, after: ExistingPacket): PacketTimerId[] => {
  const claim = openClaim(before);
  if (claim?.lease_seconds === undefined || openClaim(after)?.claim_id === claim.claim_id) return [];
  return [leaseTimerId(after, claim.claim_id)];
};

const without = (timers: PacketTimer[], others: PacketTimer[]): PacketTimer[] =>
  timers.filter(({ key }) => !others.some((other) => other.key.join() === key.join()));

// From the other ends a retry leads back, and might set the same timer while the cancellation is on its way.
const forGood: readonly Packet['status'][] = ['completed', 'cancelled'];

/** The timers that a change of a packet asks for, and those that it makes needless. */
export const timersAfter = (before: Packet, after: ExistingPacket): TimerChanges => {
  const lease = leaseTimer(after);
  const expiry = expiryTimer(after);
  const waited = expiryTimer(before);
  const [asked, asks] = [approvalTimers(before), approvalTimers(after)];
  return {
    set: [
      ...(isNews(lease, leaseTimer(before)) ? [lease] : []),
      ...(isNews(expiry, waited) ? [expiry] : []),
      ...without(asks, asked),
    ],
    cancel: [
      ...endedLease(before, after),
      ...(waited !== undefined && forGood.includes(after.status) ? [waited] : []),
      // No later checkpoint has the same id.
      ...without(asked, asks),
    ],
  };
};
