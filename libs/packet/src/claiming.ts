import type { Claim } from './document.js';
import { backoffFor } from './backoff.js';
import type { CommandOf } from './commands.js';
import { defined } from './defined.js';
import { after } from './ids.js';
import type { Instant } from './ids.js';
import { accept, quiet, refuse } from './outcome.js';
import type { Rule } from './outcome.js';
import { isTarget } from './standing.js';
import type { AwaitingPacket, CreatedPacket } from './state.js';

/** Kept from it by its routing: an agent that is excluded, or that rejected it and was not named for it again. */
const isKeptFrom = ({ terms: { routing }, rejected_by, content }: CreatedPacket, agent: string): boolean => {
  if (routing === undefined) return false;
  const isNamed = content.metadata.target_agent?.id === agent;
  return routing.exclude?.includes(agent) === true || (rejected_by.includes(agent) && !isNamed);
};

const mayClaim = ({ meta, data }: CommandOf<'claim'>, packet: CreatedPacket): boolean => {
  const { claim_policy } = packet.terms;
  const target = packet.content.metadata.target_agent;
  if (isKeptFrom(packet, data.agent.id)) return false;
  return (
    claim_policy === 'open' || target === undefined || isTarget(meta.principal, data.agent.id, target.id)
  );
};

export const claim: Rule<'claim'> = (command, packet) => {
  const { meta, data } = command;
  if (!mayClaim(command, packet)) {
    const target = packet.content.metadata.target_agent?.id;
    const whom =
      target === undefined
        ? 'agents that its routing excludes or that rejected it'
        : `"${data.agent.id}", only to "${target}"`;
    return refuse('not_the_target', `This packet is not offered to ${whom}.`);
  }
  if (packet.available_at !== undefined && packet.available_at > meta.now) {
    return refuse('not_yet_available', `The packet is offered again at ${packet.available_at}.`, {
      available_at: packet.available_at,
    });
  }
  return accept({ type: 'packet.claimed', data: { claim: granted(command, packet) } });
};

const granted = ({ meta, data }: CommandOf<'claim'>, packet: CreatedPacket): Claim =>
  defined({
    agent: data.agent,
    claim_id: data.claim_id,
    attempt: packet.attempt + 1,
    claimed_at: meta.now,
    lease_seconds: data.lease_seconds,
    lease_expires_at: data.lease_seconds === undefined ? undefined : after(meta.now, data.lease_seconds),
  });

/**
 * The claim on the target's behalf, when a checkpoint that opened before any claim ends well. Absent when
 * somebody holds the packet, and for a packet that is routed: that one is offered.
 */
export const claimForTarget = (packet: AwaitingPacket, claim_id: string, now: Instant): Claim | undefined => {
  const agent = packet.content.metadata.target_agent;
  if (packet.resume !== undefined || packet.terms.routing !== undefined || agent === undefined)
    return undefined;
  return { agent, claim_id, attempt: packet.attempt + 1, claimed_at: now };
};

export const release: Rule<'release'> = ({ meta, data }, packet) => {
  const delay = data.delay_seconds ?? 0;
  const available_at = delay > 0 ? after(meta.now, delay) : undefined;
  return accept({
    type: 'packet.released',
    data: { claim_id: packet.claim.claim_id, ...defined({ reason: data.reason, available_at }) },
  });
};

export const loseClaim: Rule<'lose_claim'> = ({ meta, data }, packet) => {
  const { claim_id, attempt, lease_expires_at } = packet.claim;
  const isOver = lease_expires_at !== undefined && (data.ended_at ?? lease_expires_at) <= meta.now;
  if (claim_id !== data.lost_claim_id || !isOver) return quiet;
  const next = backoffFor(packet, meta.now, data.jitter);
  return accept({
    type: 'packet.claim_expired',
    data: {
      claim_id,
      attempt,
      dead_letter: !next.offered_again,
      ...defined({ available_at: next.available_at }),
    },
  });
};
