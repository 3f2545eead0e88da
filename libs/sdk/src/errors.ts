import type { FieldErrorDocument, ProblemDocument } from './generated/wire.js';

/** What is known about a failed request. */
export interface ErrorFacts {
  /** Stable and snake_case: decide by this. `docs/problems` has a page for each code of the server. */
  code: string;
  /** A sentence for people: it may change. */
  message: string;
  /** HTTP status; left out when there was no answer. */
  status?: number | undefined;
  /** The whole problem document (RFC 9457), when the server sent one. */
  problem?: ProblemDocument | undefined;
  /** Seconds that the server asked to wait. */
  retryAfter?: number | undefined;
  /** `x-request-id` of the answer. */
  requestId?: string | undefined;
  /** What was thrown below: by `fetch`, for example. */
  cause?: unknown;
}

/**
 * Whatever the rail refused, or could not do. Every error of a request is one of its subclasses.
 *
 * @example
 * ```ts
 * try {
 *   await rail.claimPacket(id, { agentId: 'billing-01' });
 * } catch (error) {
 *   if (error instanceof AlreadyClaimedError) console.log(`${error.claimedBy} was faster`);
 *   else throw error;
 * }
 * ```
 */
export class HandoffRailError extends Error {
  /** Stable and snake_case: decide by this. */
  readonly code: string;
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The whole problem document (RFC 9457), when the server sent one. */
  readonly problem: ProblemDocument | undefined;
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | undefined;
  /** `x-request-id` of the answer: name it to those who run the rail. */
  readonly requestId: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.status = facts.status;
    this.problem = facts.problem;
    this.retryAfter = facts.retryAfter;
    this.requestId = facts.requestId;
  }
}

/** The request is wrong: `errors` names each field. */
export class ValidationError extends HandoffRailError {
  /** Where in the body, and what is wrong there. */
  get errors(): FieldErrorDocument[] {
    return this.problem?.errors ?? [];
  }
}

/** No key, an unknown one, or one that has expired. */
export class AuthenticationError extends HandoffRailError {}

/** The key may not do this. */
export class PermissionError extends HandoffRailError {}

/** There is no such thing, or it belongs to somebody else. */
export class NotFoundError extends HandoffRailError {}

/** It does not fit the state of things: look at it again, then decide. */
export class ConflictError extends HandoffRailError {}

/** Another agent holds the packet. */
export class AlreadyClaimedError extends ConflictError {
  /** Id of the agent that holds it. */
  get claimedBy(): string | undefined {
    return this.problem?.claimed_by ?? undefined;
  }
}

/** The packet's status does not allow this command. */
export class InvalidTransitionError extends ConflictError {
  /** The status that the packet is in. */
  get packetStatus(): string | undefined {
    return this.problem?.packet_status ?? undefined;
  }

  /** The commands that it allows. */
  get allowed(): string[] {
    return this.problem?.allowed ?? [];
  }
}

/** The claim is over: another agent may hold the packet by now, so let go of the work. */
export class StaleClaimError extends ConflictError {}

/** It was there and is over: an expired packet, an approval whose time is up. */
export class GoneError extends HandoffRailError {}

/** The body, or the packet that it would make, is too large. */
export class PayloadTooLargeError extends HandoffRailError {}

/** Too many requests, or a quota that is used up: wait `retryAfter` seconds. */
export class RateLimitError extends HandoffRailError {}

/** A fault on the server's side. */
export class ServerError extends HandoffRailError {}

/** No answer: the server cannot be reached, the connection broke, or the time was over (code `timeout`). */
export class ConnectionError extends HandoffRailError {}

type ErrorClass = new (facts: ErrorFacts) => HandoffRailError;

const byCode: Record<string, ErrorClass> = {
  already_claimed: AlreadyClaimedError,
  invalid_transition: InvalidTransitionError,
  stale_claim: StaleClaimError,
};

const byStatus: Record<number, ErrorClass> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  412: ConflictError,
  413: PayloadTooLargeError,
  429: RateLimitError,
};

const byRange = (status: number): ErrorClass => {
  if (status >= 500) return ServerError;
  return status >= 400 ? ValidationError : HandoffRailError;
};

/** The error for an answer: by its code where the code has a class of its own, else by its status. */
export const errorFor = (status: number, facts: ErrorFacts): HandoffRailError => {
  const kind = byCode[facts.code] ?? byStatus[status] ?? byRange(status);
  return new kind({ ...facts, status });
};
