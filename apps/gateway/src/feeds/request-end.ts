import type { ApiReply, ApiRequest } from '../http/call.js';
import { countRequest } from '../http/request-metrics.js';

/** Counts a request whose answer its reader ended, which the server itself does not tell of. */
export const endRequest = (request: ApiRequest, reply: ApiReply, status = reply.raw.statusCode): void => {
  if (reply.raw.writableFinished) return;
  const { method, routeOptions, call } = request;
  countRequest({ method, route: routeOptions.url ?? 'unknown', status, seconds: reply.elapsedTime / 1_000 });
  call.span.set('http.response.status_code', status);
  call.span.end();
};
