import type { Command } from 'commander';
import type { Session } from './session.js';

/** Who acts on a packet that it has claimed. */
export interface ClaimantFlags {
  id: string;
  agentId?: string;
  claimId?: string;
}

/** Gives a command the flags of those who hold a packet. */
export const byClaimant = (command: Command): Command =>
  command
    .option('--agent-id <id>', 'as which agent')
    .option('--claim-id <id>', 'the claim that it is done under; needed when it has a lease');

/**
 * Who acts: what the flags say, or else, for the packet that `work` has given to this process, what it said.
 */
export const claimantOf = ({ id, agentId, claimId }: ClaimantFlags, { shell: { env } }: Session) => {
  const isOurs = env['HANDOFFRAIL_PACKET_ID'] === id;
  return { agentId, claimId: claimId ?? (isOurs ? env['HANDOFFRAIL_CLAIM_ID'] : undefined) };
};
