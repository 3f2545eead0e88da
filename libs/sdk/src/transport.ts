import { ConnectionError } from './errors.js';

/** One request, as it goes over the wire. */
export interface WireRequest {
  method: string;
  /** Below `/api/v1`, with its query. */
  path: string;
  headers: Record<string, string>;
  /** JSON. */
  body: string | undefined;
  /** Aborted when the caller gives up, or the time is over. */
  signal: AbortSignal;
}

/** Its answer, whatever its status. */
export interface WireAnswer {
  status: number;
  /** The value of a header, by its lowercase name. */
  header(name: string): string | null;
  text: string;
}

/** Carries a request and brings its answer. @throws when there is none */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/** As much of `fetch` as is used, so that any implementation will do. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
  },
) => Promise<Response>;

/** Where the API is, whether or not the address that was given names its path. */
export const apiUrl = (baseUrl: string): string => {
  const base = baseUrl.replace(/\/+$/, '');
  return base.endsWith('/api/v1') ? base : `${base}/api/v1`;
};

/** The API over HTTP. */
export const httpTransport =
  (baseUrl: string, fetch: Fetch): Transport =>
  async ({ method, path, headers, body, signal }) => {
    const init = { method, headers, signal, ...(body !== undefined && { body }) };
    const answer = await fetch(`${apiUrl(baseUrl)}${path}`, init);
    return {
      status: answer.status,
      header: (name) => answer.headers.get(name),
      text: await answer.text(),
    };
  };

/** Runs a task with a signal that ends with the caller's, or after a time. @throws ConnectionError `timeout` */
export const within = async <T>(
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  // Not AbortSignal.any: some runtimes keep what it makes for as long as the caller's signal lives.
  const ending = new AbortController();
  const abort = () => ending.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const timedOut = new ConnectionError({ code: 'timeout', message: `No answer within ${timeoutMs} ms.` });
  const timer = setTimeout(() => ending.abort(timedOut), timeoutMs);
  try {
    return await task(ending.signal);
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
};

/** Waits; ends early, and throws its reason, when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
