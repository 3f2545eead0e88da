import type { AuditAttempt, AuditReason, AuditTrail } from '#libs/audit';
import { httpHeaders } from '#libs/contracts';
import { uuidv7 } from '#libs/event-log';
import { instantAt, type JsonObject, parsePacketId, type TenantId } from '#libs/packet';
import type { ControlData } from '../auth/control-data.js';
import { defaultTenant } from '../auth/key-records.js';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { madeBy } from './made.js';
import { detailsOf, objectOf } from './told-details.js';
import { type Caller, Who } from './who.js';

const longestResource = 512;
const tenantRoute = '/api/v1/tenants/:id';
/** Refusals that are about what the caller may do, and not about what is possible. */
const denials = new Set([401, 403, 429]);
const denialCodes = new Set(['last_admin_key']);

export interface RecorderParts {
  trail: AuditTrail;
  control: ControlData;
}

/** The path of a request: no query, and no path at all where it holds a secret. */
const resourceOf = ({ url, routeOptions }: ApiRequest): string => {
  if (routeOptions.url?.includes(':token')) return routeOptions.url;
  return (url.split('?', 1)[0] ?? '').slice(0, longestResource);
};

const deedOf = (request: ApiRequest, { tenant, actor }: Caller) => {
  const { id = '' } = request.params as { id?: string };
  const packet = request.routeOptions.url?.includes('/packets/:id') ? parsePacketId(id) : null;
  return {
    id: uuidv7(),
    tenant_id: tenant,
    at: instantAt(Date.now()),
    action: request.routeOptions.config.operation ?? 'unknown',
    actor,
    resource: resourceOf(request),
    ...(packet !== null && { packet_id: packet }),
    trace_id: request.call.span.traceId,
    request_id: request.id,
  };
};

/**
 * What a request was refused for. An id that is not there counts, whether another tenant has it or nobody: else the
 * audit would tell what the answer does not.
 */
const denialOf = (request: ApiRequest, status: number): AuditReason | undefined => {
  const { refusal } = request.call;
  if (refusal === undefined) return undefined;
  const isMissing = status === 404 && (request.routeOptions.url?.includes('/:') ?? false);
  return isMissing || denials.has(status) || denialCodes.has(refusal.code) ? refusal : undefined;
};

/** Writes what requests change, and what they were refused, into the audit. */
export class Recorder {
  readonly #who: Who;

  constructor(private readonly parts: RecorderParts) {
    this.#who = new Who(parts.control);
  }

  /** Stores that a change is about to be made. @throws LogUnavailable: then it must not be */
  async begin(request: ApiRequest): Promise<void> {
    const body = objectOf(request);
    const deed = deedOf(request, this.#callerOf(request));
    const attempt: AuditAttempt = {
      ...deed,
      kind: 'attempt',
      details: detailsOf(body),
      ...this.#concerned(request, body, deed.tenant_id),
    };
    await this.parts.trail.begin(attempt);
    request.call.attempt = attempt;
  }

  /** Stores how a change ended, before its caller hears of it. */
  async end(attempt: AuditAttempt, reply: ApiReply, payload: unknown): Promise<void> {
    const { id, tenant_id, action, concerns } = attempt;
    const told = { id, tenant_id, action, at: instantAt(Date.now()), ...(concerns && { concerns }) };
    const { statusCode, request } = reply;
    // Whether it was made is not known.
    if (statusCode >= 500) return;
    const reason = statusCode < 400 ? undefined : denialOf(request, statusCode);
    if (reason !== undefined) return this.parts.trail.end({ ...told, kind: 'refused', reason });
    const isNone = statusCode >= 400 || reply.hasHeader(httpHeaders.idempotencyReplayed);
    if (isNone) return this.parts.trail.end({ ...told, kind: 'void' });
    return this.parts.trail.end({ ...told, kind: 'done', ...madeBy(attempt, reply, payload) });
  }

  /** Keeps that a request was refused, if it was for who sent it and that is known. */
  deny(request: ApiRequest, statusCode: number): void {
    const sender = this.#senderOf(request);
    const reason = denialOf(request, statusCode);
    if (sender === undefined || reason === undefined) return;
    const caller = () => sender.caller ?? this.#callerOf(request);
    this.parts.trail.deny(sender, () => ({ ...deedOf(request, caller()), kind: 'denial', reason }));
  }

  /** In whose name it is counted. What takes longer to find out is left until it is known to be kept. */
  #senderOf(request: ApiRequest): { tenant: TenantId; key: string; caller?: Caller } | undefined {
    const { principal } = request.call;
    if (principal) return { tenant: principal.tenant_id, key: principal.key_id };
    const caller = this.#who.of(request);
    return caller && { tenant: caller.tenant, key: caller.actor.key_id ?? caller.actor.id, caller };
  }

  #callerOf(request: ApiRequest): Caller {
    const known = this.#who.of(request);
    if (known) return known;
    const { principal } = request.call;
    if (!principal) return { tenant: defaultTenant, actor: { type: 'human', id: 'sign-up' } };
    const { tenant_id, type, agent_id, key_id } = principal;
    return { tenant: tenant_id, actor: { type, id: agent_id ?? key_id, key_id } };
  }

  /** Another tenant that the change is about. */
  #concerned(request: ApiRequest, body: JsonObject, own: TenantId): { concerns?: TenantId } {
    const { id } = request.params as { id?: string };
    const named = request.routeOptions.url?.startsWith(tenantRoute) ? id : body['tenant_id'];
    if (typeof named !== 'string' || named === own) return {};
    const isPlatform = request.call.principal?.platform_admin === true;
    return isPlatform && this.parts.control.tenant(named) ? { concerns: named as TenantId } : {};
  }
}
