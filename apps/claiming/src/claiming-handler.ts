import type { SendCommand } from '#libs/contracts';
import { handleCommand, type PacketLog } from '#libs/event-log';

/**
 * Claim, start, progress, complete, fail, reject, release, lose_claim, retry: what the domain decides on the
 * packet alone, so there is nothing to add.
 */
export const claimingHandler =
  (log: PacketLog): SendCommand =>
  (request) =>
    handleCommand(log, request);
