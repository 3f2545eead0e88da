import type { Logger } from '#libs/service-kit';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { finishRequest } from '../http/hooks.js';

/** Finishes a request whose stream its reader ended, of which Fastify does not hear. */
export const endRequest = (request: ApiRequest, reply: ApiReply, logger: Logger): void => {
  if (!reply.raw.writableFinished) finishRequest(request, reply, logger);
};
