import type { ApiReply, ApiRequest } from './call.js';

// What lets a page in is its API key, which no browser sends by itself: with cookies or other credentials of
// the browser's own none of these answers can be read, and then `*` stands for every name.
const forPreflight = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  // The star does not cover this one.
  'access-control-allow-headers': 'authorization, *',
  'access-control-max-age': '7200',
};

const isPreflight = ({ method, headers }: ApiRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

/** The value that lets the page in; undefined when it may not read the answer. */
const allowedOf = (origin: string | undefined, origins: readonly string[]): string | undefined => {
  if (origin === undefined) return undefined;
  return origins.find((allowed) => allowed === '*' || allowed === origin);
};

/**
 * Tells browsers that pages of these origins may read the answers of the API, whatever its status. True when
 * the request only asked for that and is answered.
 */
export const allowOrigin = (request: ApiRequest, reply: ApiReply, origins: readonly string[]): boolean => {
  if (origins.length === 0 || !request.url.startsWith('/api/v1/')) return false;
  // A cache must not give one page the answer that names another.
  if (!origins.includes('*')) void reply.header('vary', 'origin');
  const allowed = allowedOf(request.headers.origin, origins);
  if (allowed === undefined) return false;
  void reply.headers({ 'access-control-allow-origin': allowed, 'access-control-expose-headers': '*' });
  if (!isPreflight(request)) return false;
  void reply.code(204).headers(forPreflight).send();
  return true;
};
