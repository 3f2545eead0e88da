import type { ChangeHookBody, CreateHookBody, RotateSecretBody } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import {
  disable,
  enable,
  type Endpoint,
  HookRegistry,
  isDeleted,
  isSecret,
  newSecret,
  rotate,
  sealHeaders,
  sealSecret,
} from '#libs/hooks';
import { after, type Instant, instantAt, type Principal, type TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import { invalidField, notFound, ProblemError } from '../http/problem-error.js';
import { checkHeaders } from './check-headers.js';
import { clearedBy, factsOf, newFactsOf } from './hook-facts.js';
import { HookSafety } from './hook-safety.js';

/** A deleted endpoint is kept as long as its deliveries are. */
const deletedKeptMs = 30 * 24 * 3_600_000;
const defaultGraceSeconds = 86_400;

export interface MadeHook {
  endpoint: Endpoint;
  /** Absent when the request was a repeated one: it is shown once. */
  secret?: string;
}

const now = (): Instant => instantAt(Date.now());

const secretOf = ({ secret }: { secret?: string }): string => {
  const chosen = secret ?? newSecret();
  if (isSecret(chosen)) return chosen;
  throw invalidField('secret', 'not_a_secret', 'Send base64 of 16 bytes or more after whsec_.');
};

/** The webhooks of a tenant: makes, changes, disables and deletes them. */
@Injectable()
export class HookEndpoints {
  constructor(
    @Inject(HookRegistry) private readonly registry: HookRegistry,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(HookSafety) private readonly safety: HookSafety,
  ) {}

  /** @throws ProblemError when there is none of this id */
  find(tenant: TenantId, id: string): Endpoint {
    const endpoint = this.registry.get(tenant, id);
    if (endpoint === undefined) throw notFound('webhook');
    return endpoint;
  }

  /** @throws ProblemError */
  async create(principal: Principal, body: CreateHookBody, repeatable?: Repeatable): Promise<MadeHook> {
    const { tenant_id } = principal;
    const id = repeatable ? derivedUuid(tenant_id, 'hook', repeatable.key) : newCommandId();
    const before = repeatable && this.registry.get(tenant_id, id);
    if (before) return repeated(before, repeatable);
    const secret = secretOf(body);
    checkHeaders(body);
    await this.safety.checkUrl(body.url);
    const made = await this.#record({ principal, id, secret }, body);
    const endpoint = { ...made, ...(repeatable && { request_digest: repeatable.digest }) };
    if (!(await this.registry.create(endpoint))) throw stillRunning();
    await this.#forgetDeleted(tenant_id);
    return { endpoint, secret };
  }

  /** `value`: the body as it came, for the nulls in it. @throws ProblemError */
  async change(
    tenant: TenantId,
    id: string,
    { body, value }: { body: ChangeHookBody; value: unknown },
  ): Promise<Endpoint> {
    this.find(tenant, id);
    checkHeaders(body);
    if (body.url) await this.safety.checkUrl(body.url);
    const box = await this.safety.box();
    const headers = body.headers && sealHeaders(box, { tenant_id: tenant, id }, body.headers);
    return this.#change(tenant, id, (endpoint) => {
      const changed = { ...endpoint, ...factsOf(body), ...(headers && { headers }), updated_at: now() };
      for (const field of clearedBy(value)) delete changed[field];
      if (body.headers && !headers) delete changed.headers;
      return changed;
    });
  }

  /** @throws ProblemError */
  async rotate(tenant: TenantId, id: string, body: RotateSecretBody): Promise<Required<MadeHook>> {
    this.find(tenant, id);
    const { grace_seconds = defaultGraceSeconds } = body;
    const secret = secretOf(body);
    const sealed = sealSecret(await this.safety.box(), { tenant_id: tenant, id }, secret);
    const at = now();
    const endpoint = await this.#change(tenant, id, (held) =>
      rotate(held, sealed, { at, until: after(at, grace_seconds) }),
    );
    return { endpoint, secret };
  }

  /** Makes it active again; it gets what happens from now on. @throws ProblemError */
  async enable(tenant: TenantId, id: string): Promise<Endpoint> {
    this.find(tenant, id);
    const newest = await this.log.lastSequence();
    return this.#change(tenant, id, (endpoint) => enable(endpoint, newest, now()));
  }

  /** Ends all deliveries to it; deleting it twice is quiet. @throws ProblemError */
  async delete(tenant: TenantId, id: string): Promise<void> {
    await this.#change(tenant, id, (endpoint) => disable(endpoint, 'deleted', now()));
  }

  async #change(tenant: TenantId, id: string, change: (held: Endpoint) => Endpoint): Promise<Endpoint> {
    const changed = await this.registry.change(tenant, id, change);
    if (changed === null) throw notFound('webhook');
    return changed;
  }

  async #record(
    { principal, id, secret }: { principal: Principal; id: string; secret: string },
    body: CreateHookBody,
  ): Promise<Endpoint> {
    const whose = { tenant_id: principal.tenant_id, id };
    const [box, after_sequence] = await Promise.all([this.safety.box(), this.log.lastSequence()]);
    const headers = body.headers && sealHeaders(box, whose, body.headers);
    const at = now();
    return {
      ...whose,
      ...newFactsOf(body),
      secret: { current: sealSecret(box, whose, secret) },
      ...(headers && { headers }),
      after_sequence,
      created_at: at,
      created_by: principal.key_id,
      updated_at: at,
    };
  }

  async #forgetDeleted(tenant: TenantId): Promise<void> {
    const before = instantAt(Date.now() - deletedKeptMs);
    const over = this.registry
      .list(tenant)
      .filter((endpoint) => isDeleted(endpoint) && (endpoint.disabled?.at ?? '') < before);
    for (const endpoint of over) await this.registry.forget(endpoint);
  }
}

const stillRunning = (): ProblemError =>
  new ProblemError(
    'idempotency_in_progress',
    'The first request with this key is still running: wait for its answer, or send this one again later.',
    { retry_after: 1 },
  );

const repeated = (endpoint: Endpoint, { digest }: Repeatable): MadeHook => {
  if (endpoint.request_digest === digest) return { endpoint };
  throw new ProblemError(
    'idempotency_mismatch',
    'This idempotency key was used with another body: use a new key.',
  );
};
