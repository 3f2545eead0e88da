import { type CommandService, type SendCommand, serviceOf } from '#libs/contracts';

/** Commands as plain calls, for the services that run in this very process. */
export const localCommands =
  (handlers: Partial<Record<CommandService, SendCommand>>): SendCommand =>
  async (request) => {
    const handler = handlers[serviceOf[request.type]];
    if (handler) return handler(request);
    const detail = `No ${serviceOf[request.type]} service is running.`;
    return { outcome: 'fault', code: 'unavailable', detail };
  };
