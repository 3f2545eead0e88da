/** NATS headers of an event on the log: CloudEvents 1.0 in binary mode, and the trace. */
export const eventHeaders = {
  specversion: 'ce-specversion',
  id: 'ce-id',
  source: 'ce-source',
  type: 'ce-type',
  time: 'ce-time',
  subject: 'ce-subject',
  schema: 'ce-schemaversion',
  tenant: 'ce-tenantid',
  revision: 'ce-revision',
  actor: 'ce-actor',
  declared: 'ce-declared',
  causation: 'ce-causationid',
  correlation: 'ce-correlationid',
  requestDigest: 'ce-requestdigest',
  traceparent: 'traceparent',
} as const;

/** What stands beside an event's own headers on the log. */
export const logHeaders = {
  /** The message right before this one is what the event took from a quota: `1`. */
  counted: 'handoffrail-counted',
  /** On that message: which quota. */
  quota: 'handoffrail-quota',
} as const;

/** HTTP headers of our own, beside the standard ones. */
export const httpHeaders = {
  apiKey: 'x-api-key',
  position: 'HandoffRail-Position',
  minPosition: 'HandoffRail-Min-Position',
  stale: 'HandoffRail-Stale',
  claim: 'HandoffRail-Claim',
  idempotencyKey: 'Idempotency-Key',
  idempotencyReplayed: 'Idempotency-Replayed',
  requestId: 'x-request-id',
  rateTier: 'X-RateLimit-Tier',
  rateLimit: 'X-RateLimit-Limit',
  rateRemaining: 'X-RateLimit-Remaining',
  rateReset: 'X-RateLimit-Reset',
  ratePolicies: 'RateLimit-Policy',
  rateStates: 'RateLimit',
  traceparent: 'traceparent',
} as const;

/** Headers of a feed message. */
export const feedHeaders = {
  /** A position: between it and this message there is no event of the tenant. */
  previous: 'handoffrail-previous',
  traceparent: 'traceparent',
} as const;

/** Headers of a timer, beside those of the server. */
export const timerHeaders = {
  /** RFC 3339: when it is due. */
  due: 'handoffrail-due',
  traceparent: 'traceparent',
} as const;

/** Headers of a parked message on the dead-letter stream. */
export const deadLetterHeaders = {
  reason: 'handoffrail-reason',
  stream: 'handoffrail-stream',
  sequence: 'handoffrail-sequence',
  deliveries: 'handoffrail-deliveries',
} as const;
