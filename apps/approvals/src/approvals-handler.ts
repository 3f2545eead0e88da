import type { CommandReply, CommandRequest, SendCommand } from '#libs/contracts';
import { handleCommand, LogUnavailable, type PacketLog } from '#libs/event-log';
import { warmUp } from '#libs/json-schema';
import { boundToCheckpoint } from './structured-answers.js';

type Respond = Extract<CommandRequest, { type: 'respond' }>;

const ourFault = 'Something failed on our side. Send the request again; if it stays, report the trace id.';

const faultOf = (error: unknown, log: PacketLog): CommandReply => {
  if (error instanceof LogUnavailable)
    return { outcome: 'fault', code: 'unavailable', detail: error.message };
  log.logger.error({ err: error }, 'An answer could not be checked.');
  return { outcome: 'fault', code: 'internal', detail: ourFault };
};

const respond = async (log: PacketLog, request: Respond): Promise<CommandReply> => {
  try {
    const bound = await boundToCheckpoint(log, request);
    return 'rejection' in bound ? { outcome: 'refused', ...bound } : await handleCommand(log, bound);
  } catch (error) {
    return faultOf(error, log);
  }
};

/**
 * Request approval, respond, and what the timers of checkpoints send: the domain decides them on the packet
 * alone; of an answer, its form is checked first.
 */
export const approvalsHandler = (log: PacketLog): SendCommand => {
  warmUp();
  return (request) => (request.type === 'respond' ? respond(log, request) : handleCommand(log, request));
};
