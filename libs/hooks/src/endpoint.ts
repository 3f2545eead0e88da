import type { Instant, PriorityWord, TenantId } from '#libs/packet';

/** What an endpoint is narrowed to, beside the types of events; every part that is given must hold. */
export interface HookFilter {
  source_agent?: string;
  target_agent?: string;
  /** All of these. */
  tags?: readonly string[];
  /** A word stands for its band of levels, a number for that level (1-10) only. */
  priority?: PriorityWord | number;
}

/** What a caller says of an endpoint. */
export interface EndpointFacts {
  url: string;
  /** Exact types, `packet.*` or `*`. */
  events: readonly string[];
  description?: string;
  filter?: HookFilter;
  /** `full`: the packet as of the event; `thin`: ids only. */
  payload: 'full' | 'thin';
  /** The events of one packet arrive in their order. */
  ordered: boolean;
  /** Requests that are sent to it at most in a second. */
  rate_per_second?: number;
}

/** Why nothing is sent to an endpoint: it answered 410, it only failed for days, or its owner deleted it. */
export type DisabledReason = 'gone' | 'failing' | 'deleted';

/** Secrets as they are stored: sealed. */
export interface SealedSecrets {
  current: string;
  /** Signs beside the current one until then. */
  previous?: { sealed: string; until: Instant };
}

/** An endpoint as it is stored. */
export interface Endpoint extends EndpointFacts {
  tenant_id: TenantId;
  /** A UUID. */
  id: string;
  secret: SealedSecrets;
  /** Headers of the caller's own, which often hold a token: sealed. */
  headers?: { names: readonly string[]; sealed: string };
  /** Absent while it is active. */
  disabled?: { reason: DisabledReason; at: Instant };
  /** Stream sequence at the time it was made or last enabled: what came before is not sent by itself. */
  after_sequence: number;
  created_at: Instant;
  /** Id of the key that made it. */
  created_by: string;
  /** SHA-256 of the request that made it, when it had an idempotency key. */
  request_digest?: string;
  updated_at: Instant;
}

export const isActive = ({ disabled }: Endpoint): boolean => disabled === undefined;

export const isDeleted = ({ disabled }: Endpoint): boolean => disabled?.reason === 'deleted';

/** The endpoint without further deliveries. One that is disabled already stays as it is, unless it is deleted now. */
export const disable = (endpoint: Endpoint, reason: DisabledReason, at: Instant): Endpoint =>
  endpoint.disabled === undefined || (reason === 'deleted' && !isDeleted(endpoint))
    ? { ...endpoint, disabled: { reason, at }, updated_at: at }
    : endpoint;

/** The endpoint as an active one, which gets what comes after that stream sequence. */
export const enable = (endpoint: Endpoint, after_sequence: number, at: Instant): Endpoint => {
  const { disabled, ...rest } = endpoint;
  return disabled === undefined ? endpoint : { ...rest, after_sequence, updated_at: at };
};

/** The endpoint with another secret; the one it had signs, too, until the grace is over. */
export const rotate = (
  endpoint: Endpoint,
  sealed: string,
  { at, until }: Record<'at' | 'until', Instant>,
): Endpoint => {
  const previous = { sealed: endpoint.secret.current, until };
  const secret = until > at ? { current: sealed, previous } : { current: sealed };
  return { ...endpoint, secret, updated_at: at };
};

/** The sealed secrets that sign at this time, the current one first. */
export const signingSecrets = ({ secret }: Endpoint, now: Instant): [string, ...string[]] =>
  secret.previous && secret.previous.until > now
    ? [secret.current, secret.previous.sealed]
    : [secret.current];
