import { type Problem, problems, problemTypeBase } from '#libs/contracts';
import { LogUnavailable } from '#libs/event-log';
import type { ApiReply, ApiRequest } from './call.js';
import { notFound, ProblemError, unavailable } from './problem-error.js';

const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? url;

/** The RFC 9457 document of an error that one request or one item of a batch met. */
export const problemOf = ({ code, detail, facts }: ProblemError, request: ApiRequest): Problem => ({
  type: problemTypeBase + code,
  title: problems[code].title,
  status: problems[code].status,
  detail,
  instance: withoutQuery(request.url),
  code,
  trace_id: request.call.span.traceId,
  ...facts,
});

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
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;

/** Whatever was thrown, as the one error of the edge. */
export const toProblemError = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  if (error instanceof LogUnavailable) return unavailable('The log does not answer: send the request again.');
  const known = fromFastify[codeOf(error)];
  if (known) return known();
  // A request that was cut off or cannot be parsed by the server is the caller's.
  if (statusOf(error) < 500) return new ProblemError('malformed_json', 'The request could not be read.');
  return new ProblemError('internal', internal);
};

/** Answers with a problem document. */
export const sendProblem = (request: ApiRequest, reply: ApiReply, error: unknown): void => {
  if (reply.sent) return;
  const problem = toProblemError(error);
  const document = problemOf(problem, request);
  if (document.status >= 500) request.call.fault = error;
  if (document.retry_after !== undefined) void reply.header('retry-after', document.retry_after);
  if (document.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.code(document.status).type('application/problem+json').send(JSON.stringify(document));
};
