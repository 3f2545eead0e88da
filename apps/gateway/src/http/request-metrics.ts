import { Counter, Histogram } from 'prom-client';

const requests = new Counter({
  name: 'handoffrail_http_requests_total',
  help: 'HTTP requests answered.',
  labelNames: ['method', 'route', 'status'],
});

const seconds = new Histogram({
  name: 'handoffrail_http_request_seconds',
  help: 'Time from a request to the end of its answer.',
  labelNames: ['method', 'route'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

// Any text can be a method, and every label value stays in memory.
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface AnsweredRequest {
  method: string;
  /** The route's pattern, never the path. */
  route: string;
  status: number;
  seconds: number;
}

export const countRequest = ({ method, route, status, seconds: took }: AnsweredRequest): void => {
  const known = methods.has(method) ? method : 'other';
  requests.inc({ method: known, route, status });
  seconds.observe({ method: known, route }, took);
};
