import type { Claim, Failure, Json } from './document.js';
import { after } from './ids.js';
import type { Instant } from './ids.js';
import type {
  AwaitingPacket,
  CreatedPacket,
  ExistingPacket,
  FailedPacket,
  HeldPacket,
  PacketBase,
} from './state.js';

/** Every field that only some statuses have. */
type OfSomeStatus = {
  status?: unknown;
  claim?: Claim;
  available_at?: Instant;
  resume?: AwaitingPacket['resume'];
  result?: Json;
  failure?: Failure;
  reason?: string;
};

/** The packet without what belongs to its status, ready to be given another. */
export const baseOf = (packet: ExistingPacket): PacketBase => {
  const { status, claim, available_at, resume, result, failure, reason, ...base } = packet as PacketBase &
    OfSomeStatus;
  return base;
};

/** Offered to its target or to all, from `available_at` on; what the last holder reported is over. */
export const offered = (base: PacketBase, available_at?: Instant): CreatedPacket => {
  const { progress, ...rest } = base;
  const packet: CreatedPacket = { ...rest, status: 'created' };
  if (available_at !== undefined) packet.available_at = available_at;
  return packet;
};

export const held = (base: PacketBase, status: HeldPacket['status'], claim: Claim): HeldPacket => ({
  ...base,
  attempt: Math.max(base.attempt, claim.attempt),
  first_claimed_at: base.first_claimed_at ?? claim.claimed_at,
  status,
  claim,
});

export const failed = (base: PacketBase, failure: Failure): FailedPacket => ({
  ...base,
  status: 'failed',
  failure,
});

const leaseRestarted = (claim: Claim, at: Instant): Claim =>
  claim.lease_seconds === undefined ? claim : { ...claim, lease_expires_at: after(at, claim.lease_seconds) };

/** Back from a checkpoint: to whoever held it, to the target on whose behalf it is claimed, or to the offer. */
export const resumed = (packet: AwaitingPacket, claim: Claim | undefined, at: Instant): ExistingPacket => {
  const base = baseOf(packet);
  const { resume } = packet;
  if (resume !== undefined) return held(base, resume.status, leaseRestarted(resume.claim, at));
  return claim === undefined ? offered(base) : held(base, 'claimed', claim);
};

/** A checkpoint that is still open when its packet ends answers nobody any more. */
export const closed = (base: PacketBase, at: Instant): PacketBase =>
  base.approval?.state === 'open'
    ? { ...base, approval: { ...base.approval, state: 'voided', ended_at: at } }
    : base;
