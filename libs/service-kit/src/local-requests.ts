import {
  type AnswerCall,
  type CallType,
  type CommandReply,
  type CommandService,
  type SendCall,
  type SendCommand,
  serviceOf,
  serviceOfCall,
} from '#libs/contracts';
import type { Requests } from './nats-requests.js';

/** The services that run in this very process. */
export interface LocalServices {
  commands: Partial<Record<CommandService, SendCommand>>;
  calls?: { [T in CallType]?: AnswerCall<T> };
}

const notHere = (service: CommandService): Extract<CommandReply, { outcome: 'fault' }> => ({
  outcome: 'fault',
  code: 'unavailable',
  detail: `No ${service} service is running.`,
});

/** Commands and calls as plain function calls. */
export const localRequests = ({ commands, calls = {} }: LocalServices): Requests => {
  const sendCall: SendCall = async (type, request, signal) =>
    calls[type] ? calls[type](request, signal) : notHere(serviceOfCall[type]);
  const sendCommand: SendCommand = async (request) => {
    const service = serviceOf[request.type];
    return commands[service]?.(request) ?? notHere(service);
  };
  return { sendCommand, sendCall };
};
