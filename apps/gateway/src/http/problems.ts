import type { Duplex } from 'node:stream';
import { type Problem, problems, problemTypeBase } from '#libs/contracts';
import { LimitReached, LogUnavailable, newTraceId } from '#libs/event-log';
import type { ApiReply, ApiRequest } from './call.js';
import { notFound, ProblemError, unavailable } from './problem-error.js';

const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? url;

/** The RFC 9457 document of an error, wherever it was met. */
export const documentOf = (
  { code, detail, facts }: ProblemError,
  { instance, trace_id }: Pick<Problem, 'instance' | 'trace_id'>,
): Problem => ({
  type: problemTypeBase + code,
  title: problems[code].title,
  status: problems[code].status,
  detail,
  instance,
  code,
  trace_id,
  ...facts,
});

/** The document of an error that one request or one item of a batch met. */
export const problemOf = (error: ProblemError, request: ApiRequest): Problem =>
  documentOf(error, { instance: withoutQuery(request.url), trace_id: request.call.span.traceId });

const unreadable = 'The request could not be read: send a whole and valid HTTP request.';
const internal = 'Something failed on our side. Send the request again; if it stays, report the trace id.';

/** What Fastify itself refuses, by its error codes. */
const fromFastify: Record<string, () => ProblemError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new ProblemError('payload_too_large', 'Send a smaller body: move large parts to artifacts with a url.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ProblemError('unsupported_media_type', 'Send the body as JSON with Content-Type: application/json.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new ProblemError('malformed_json', 'The body is not as long as Content-Length says: send it whole.'),
  FST_ERR_BAD_URL: () => notFound('path'),
  FST_ERR_MAX_PARAM_LENGTH: () => notFound('path'),
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;

const beyond = ({ what, limit, used }: LimitReached): ProblemError =>
  new ProblemError(
    `too_many_${what}`,
    `The tenant has ${used} of the ${limit} ${what} that it may have: remove one, or ask for another tier.`,
    { limit, used },
  );

/** Whatever was thrown, as the one error of the edge. */
export const toProblemError = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  if (error instanceof LimitReached) return beyond(error);
  if (error instanceof LogUnavailable) return unavailable('The log does not answer: send the request again.');
  const known = fromFastify[codeOf(error)];
  if (known) return known();
  // A request that was cut off or cannot be parsed by the server is the caller's.
  if (statusOf(error) < 500) return new ProblemError('bad_request', unreadable);
  return new ProblemError('internal', internal);
};

/** Answers with a problem document. */
export const sendProblem = (request: ApiRequest, reply: ApiReply, error: unknown): void => {
  if (reply.sent) return;
  const problem = toProblemError(error);
  const document = problemOf(problem, request);
  if (document.status >= 500) request.call.fault = error;
  else request.call.refusal = { code: document.code, detail: document.detail };
  if (document.retry_after !== undefined) void reply.header('retry-after', document.retry_after);
  if (document.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.code(document.status).type('application/problem+json').send(JSON.stringify(document));
};

/** Answers a connection whose bytes are no HTTP request, as the last thing that is said on it. */
export const refuseConnection = (socket: Duplex & { bytesWritten?: number }): void => {
  // Behind an answer that has begun nothing can be said any more.
  if (!socket.writable || (socket.bytesWritten ?? 0) > 0) return void socket.destroy();
  const { status, title } = problems.bad_request;
  const type = `${problemTypeBase}bad_request`;
  const document = { type, title, status, detail: unreadable, code: 'bad_request', trace_id: newTraceId() };
  const body = JSON.stringify({ ...document, instance: '/' });
  const head = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${head}connection: close\r\n\r\n${body}`);
};
