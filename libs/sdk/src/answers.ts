import { ConnectionError, errorFor, HandoffRailError } from './errors.js';
import type { ProblemDocument } from './generated/wire.js';
import type { WireAnswer } from './transport.js';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Seconds in a `Retry-After`, which may also be a date. */
const secondsOf = (header: string | null): number | undefined => {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? (Date.parse(header) - Date.now()) / 1000 : seconds;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
};

const isProblem = (body: unknown): body is ProblemDocument =>
  typeof body === 'object' && body !== null && typeof (body as ProblemDocument).code === 'string';

// What a proxy says for a server that is not there is no problem document.
const problemIn = ({
  text,
  status,
}: WireAnswer): Partial<ProblemDocument> & { code: string; detail: string } => {
  const body = parse(text);
  return isProblem(body)
    ? body
    : { code: `http_${status}`, detail: `The server answered with status ${status}.` };
};

/** The error that an answer of 400 and above stands for. */
export const errorOf = (answer: WireAnswer): HandoffRailError => {
  const problem = problemIn(answer);
  return errorFor(answer.status, {
    code: problem.code,
    message: problem.detail,
    problem: 'type' in problem ? (problem as ProblemDocument) : undefined,
    retryAfter: secondsOf(answer.header('retry-after')) ?? problem.retry_after ?? undefined,
    requestId: answer.header('x-request-id') ?? undefined,
  });
};

/** What an answer of 2xx holds. @throws SyntaxError when it was cut off */
export const bodyOf = ({ text }: WireAnswer): unknown => (text === '' ? undefined : JSON.parse(text));

/** The error for a request that brought no answer. */
export const connectionError = (error: unknown): HandoffRailError => {
  if (error instanceof HandoffRailError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new ConnectionError({
    code: 'connection',
    message: `No answer from the server: ${why}`,
    cause: error,
  });
};
