import { randomUUID } from 'node:crypto';
import { httpHeaders } from '#libs/contracts';
import { startSpan } from '#libs/event-log';
import type { Logger } from '#libs/service-kit';
import { errorCodes, type FastifyError, type FastifyInstance, type RouteOptions } from 'fastify';
import { callerOf, checkAccess } from '../auth/authenticate.js';
import type { ControlData } from '../auth/control-data.js';
import type { KeyUses } from '../auth/key-uses.js';
import { rateHeaders, tooMany } from '../limits/rate-headers.js';
import type { Rated, RequestRates } from '../limits/request-rates.js';
import { type ApiReply, type ApiRequest, type Call, headerOf } from './call.js';
import { allowOrigin } from './cors.js';
import type { KnownPaths } from './known-paths.js';
import { sendProblem } from './problems.js';
import { countRequest } from './request-metrics.js';

/** A batch of packets may be this large in all; each packet still has its own limit. */
const maxBatchBytes = 16 * 1024 * 1024;
const slowMs = 1_000;
const json = /^application\/(?:[\w.-]+\+)?json(?:;|$)/;
const form = /^application\/x-www-form-urlencoded(?:;|$)/;
const requestId = /^[\w.:-]{1,128}$/;

export interface HookOptions {
  control: ControlData;
  uses: KeyUses;
  rates: RequestRates;
  paths: KnownPaths;
  logger: Logger;
  /** The largest body of a route that takes one packet. */
  maxBodyBytes: number;
  /** Whose pages may call from a browser. */
  corsOrigins: readonly string[];
}

/** The id that the caller gave the request, if it is fit for a header, or a new one. */
export const makeRequestId = (raw: { headers: Record<string, string | string[] | undefined> }): string => {
  const given = raw.headers[httpHeaders.requestId];
  return typeof given === 'string' && requestId.test(given) ? given : randomUUID();
};

const routeOf = (request: ApiRequest): string => request.routeOptions.url ?? 'unknown';

const startCall = (request: ApiRequest, reply: ApiReply): Call => {
  const parent = headerOf(request, httpHeaders.traceparent);
  const route = routeOf(request);
  const span = startSpan(`${request.method} ${route}`, {
    kind: 'server',
    attributes: { 'http.request.method': request.method, 'http.route': route },
    ...(parent !== undefined && { parent }),
  });
  void reply.header(httpHeaders.traceparent, span.traceparent).header(httpHeaders.requestId, request.id);
  return { span };
};

const levelOf = (status: number, isSlow: boolean): 'error' | 'warn' | 'debug' => {
  if (status === 500) return 'error';
  return status > 500 || isSlow ? 'warn' : 'debug';
};

const logRequest = (
  logger: Logger,
  request: ApiRequest,
  { status, ms }: { status: number; ms: number },
): void => {
  const level = levelOf(status, ms > slowMs && !request.call.waits);
  if (!logger.isLevelEnabled(level)) return;
  const { span, packetId, principal, fault } = request.call;
  const line = {
    method: request.method,
    route: routeOf(request),
    status,
    ms: Math.round(ms),
    trace_id: span.traceId,
    request_id: request.id,
    packet_id: packetId,
    tenant_id: principal?.tenant_id,
    key_id: principal?.key_id,
    err: fault,
  };
  logger[level](line, 'request');
};

const endSpan = ({ span, packetId, principal, fault }: Call, status: number): void => {
  span.set('http.response.status_code', status);
  if (packetId !== undefined) span.set('handoffrail.packet_id', packetId);
  if (principal !== undefined) span.set('handoffrail.tenant_id', principal.tenant_id);
  span.end(status >= 500 ? (fault ?? new Error(`answered ${status}`)) : undefined);
};

/** Counts, traces and logs a request that has been answered, or that its caller has left. */
export const finishRequest = (request: ApiRequest, reply: ApiReply, logger: Logger): void => {
  const [route, status, ms] = [routeOf(request), reply.statusCode, reply.elapsedTime];
  countRequest({ method: request.method, route, status, seconds: ms / 1000 });
  endSpan(request.call, status);
  logRequest(logger, request, { status, ms });
};

const prepareRoute = (route: RouteOptions, { paths, maxBodyBytes }: HookOptions): void => {
  const { method, url, config } = route;
  // What nobody gave an access rule to must not be reachable by accident.
  if (config?.access === undefined) throw new Error(`The route ${method} ${url} has no @Operation.`);
  route.bodyLimit = config.batch ? maxBatchBytes : maxBodyBytes;
  paths.add(method, url);
};

/** Answers what Fastify refuses before it looks for a route: the hooks never see it. */
export const refuseEarly = (error: FastifyError, request: ApiRequest, reply: ApiReply): void => {
  request.call = startCall(request, reply);
  sendProblem(request, reply, error);
  request.call.span.end();
};

/**
 * Lets a request in: its key is live, the limits of its tenant are not used up, its role allows the route. Nothing of
 * its body has been read then. @throws ProblemError
 */
const letIn = (
  request: ApiRequest,
  reply: ApiReply,
  { control, uses, rates }: HookOptions,
): void | Promise<void> => {
  const access = request.routeOptions.config.access ?? 'public';
  if (access === 'public') return;
  const principal = callerOf(control, request);
  request.call.principal = principal;
  uses.note(principal.key_id);
  const settle = (rated: Rated): void => {
    void reply.headers(rateHeaders(rated));
    if (rated.refusedBy) throw tooMany(rated.refusedBy);
    checkAccess(principal, access);
  };
  const rated = rates.take(principal);
  return rated instanceof Promise ? rated.then(settle) : settle(rated);
};

/** Everything that surrounds every route: access, limits, trace, metrics, log. Install before Nest starts. */
export const installHooks = (instance: FastifyInstance, options: HookOptions): void => {
  const { logger } = options;
  instance.decorateRequest('call');
  instance.removeAllContentTypeParsers();
  // The route parses: what is wrong with JSON is then an answer like any other, on a connection that stays.
  instance.addContentTypeParser(json, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  instance.addContentTypeParser(form, { parseAs: 'buffer' }, (request, body, done) =>
    request.routeOptions.config.form
      ? done(null, body)
      : done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE()),
  );
  instance.addHook('onRoute', (route) => prepareRoute(route, options));
  instance.addHook('onRequest', (request, reply, done) => {
    request.call = startCall(request, reply);
    if (allowOrigin(request, reply, options.corsOrigins)) return;
    try {
      const counting = letIn(request, reply, options);
      if (counting) counting.then(() => done(), done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  });
  instance.addHook('onResponse', (request, reply, done) => {
    finishRequest(request, reply, logger);
    done();
  });
};
