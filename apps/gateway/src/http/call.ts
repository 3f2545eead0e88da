import type { AuditAttempt, AuditReason } from '#libs/audit';
import type { TraceSpan } from '#libs/event-log';
import type { Principal } from '#libs/packet';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../auth/access.js';

/** What the hooks know of a request before its route runs. */
export interface Call {
  readonly span: TraceSpan;
  /** The caller; set wherever the route needs a key. */
  principal?: Principal;
  /** The packet of the path, for logs and the span. */
  packetId?: string;
  /** The change that it is about to make, as the audit has it. */
  attempt?: AuditAttempt;
  /** Why it was refused, when the fault is the caller's. */
  refusal?: AuditReason;
  /** It may take long because it waits for something to happen. */
  waits?: true;
  /** What went wrong on our side, for the log line. */
  fault?: unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    call: Call;
  }
  interface FastifyContextConfig {
    /** Who may use the route; every route has one. */
    access?: Access;
    /** What it is called in the audit, such as `control.create_key`. */
    operation?: string;
    /** A body of many packets: its limit is higher. */
    batch?: true;
    /** The key may come as a parameter, for clients in browsers that cannot send a header. */
    keyInQuery?: true;
    /** The body comes from an HTML form; every other route takes JSON only. */
    form?: true;
  }
}

/** A request as our hooks leave it. */
export type ApiRequest = FastifyRequest;
export type ApiReply = FastifyReply;

/** The caller of a route that needs a key. */
export const principalOf = ({ call }: ApiRequest): Principal => {
  if (call.principal === undefined) throw new Error('This route has no access rule that sets a principal.');
  return call.principal;
};

/** One header as text; the first, if it was sent several times. */
export const headerOf = ({ headers }: ApiRequest, name: string): string | undefined => {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
};
