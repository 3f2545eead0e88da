import { hash } from 'node:crypto';
import { httpHeaders } from '#libs/contracts';
import { canonicalJson } from '#libs/packet';
import { type ApiRequest, headerOf, principalOf } from './call.js';
import { ProblemError } from './problem-error.js';

/** A request that the caller may send again: under the same key it takes effect once. */
export interface Repeatable {
  key: string;
  /** SHA-256 of the body in canonical form. */
  digest: string;
}

const printable = /^[\x20-\x7e]{1,255}$/;

const unquoted = (header: string): string => /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();

/** The request's idempotency key and the digest of its body; undefined when it has none. @throws ProblemError */
export const repeatableOf = (request: ApiRequest, body: unknown): Repeatable | undefined => {
  const header = headerOf(request, httpHeaders.idempotencyKey);
  if (header === undefined) return undefined;
  const key = unquoted(header);
  if (printable.test(key)) return { key, digest: hash('sha256', canonicalJson(body), 'hex') };
  throw new ProblemError(
    'idempotency_key_invalid',
    'Send an Idempotency-Key of 1 to 255 printable ASCII characters.',
  );
};

/** The requests with an idempotency key that this gateway is answering now. */
export class RunningRequests {
  readonly #running = new Set<string>();

  /** Runs the task, unless the same request is still running. @throws ProblemError */
  async once<T>(request: ApiRequest, repeatable: Repeatable | undefined, task: () => Promise<T>): Promise<T> {
    if (repeatable === undefined) return task();
    const path = request.url.split('?', 1)[0];
    const id = `${principalOf(request).tenant_id} ${request.method} ${path} ${repeatable.key}`;
    if (this.#running.has(id))
      throw new ProblemError(
        'idempotency_in_progress',
        'The first request with this key is still running: wait for its answer, or send this one again later.',
        { retry_after: 1 },
      );
    this.#running.add(id);
    try {
      return await task();
    } finally {
      this.#running.delete(id);
    }
  }
}
