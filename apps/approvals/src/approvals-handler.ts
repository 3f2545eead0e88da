import type { SendCommand } from '#libs/contracts';
import { handleCommand, type PacketLog } from '#libs/event-log';

/**
 * Request approval, respond, and what the timers of checkpoints send: the domain decides them on the packet
 * alone.
 */
export const approvalsHandler =
  (log: PacketLog): SendCommand =>
  (request) =>
    handleCommand(log, request);
