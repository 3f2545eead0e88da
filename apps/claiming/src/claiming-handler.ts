import type { AgentRouter } from '#libs/agents';
import type { SendCommand } from '#libs/contracts';
import { handleCommand, type PacketLog } from '#libs/event-log';
import { reject } from './reject.js';

/**
 * Claim, start, progress, complete, fail, release, lose_claim, retry: what the domain decides on the packet
 * alone, so there is nothing to add. Reject: a routed packet goes on to the router's next choice.
 */
export const claimingHandler =
  (log: PacketLog, router: AgentRouter): SendCommand =>
  (request) =>
    request.type === 'reject' ? reject(log, router, request) : handleCommand(log, request);
