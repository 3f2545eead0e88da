import type { FastifyInstance } from 'fastify';
import { inject } from 'light-my-request';
import type { ApiRequest } from './call.js';

/** A request that came some other way than by HTTP, and whose caller is known already. */
export interface InnerRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
  body?: Buffer;
  /** What the caller's key is stored under; '' when there is no such key. */
  keyHash: string;
}

export interface InnerAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

// Beside the request, where nobody who sends one can write.
const keyHashes = new WeakMap<object, string>();

/** What the caller's key is stored under, when the request came from inside; undefined: look at its credential. */
export const innerKeyHash = ({ raw }: ApiRequest): string | undefined => keyHashes.get(raw);

const textOf = (headers: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Runs a route without a socket: hooks, validation, limits and problems are those of any other request. */
export const requestInside = async (
  instance: FastifyInstance,
  { method, url, headers, body, keyHash }: InnerRequest,
): Promise<InnerAnswer> => {
  const answer = await inject(
    (request, reply) => {
      keyHashes.set(request, keyHash);
      instance.routing(request, reply);
    },
    { method, url, headers, ...(body && { payload: body }), validate: false },
  );
  return { status: answer.statusCode, headers: textOf(answer.headers), body: answer.rawPayload };
};
