import type { RejectionCode } from '#libs/packet';

/** What went wrong at the edge, beyond the domain's refusals. */
export const edgeCodes = [
  'bad_request',
  'malformed_json',
  'unsupported_media_type',
  'payload_too_large',
  'nesting_too_deep',
  'unauthenticated',
  'key_revoked',
  'key_expired',
  'idempotency_key_invalid',
  'idempotency_in_progress',
  'last_admin_key',
  'key_not_current',
  'hook_disabled',
  'schema_in_use',
  'too_many_schemas',
  'too_many_agents',
  'too_many_keys',
  'too_many_webhooks',
  'rate_limited',
  'too_many_streams',
  'method_not_allowed',
  'upgrade_required',
  'contended',
  'unavailable',
  'internal',
] as const;

export type ProblemCode = RejectionCode | (typeof edgeCodes)[number];

export interface ProblemKind {
  /** HTTP status. */
  status: number;
  title: string;
}

/** Every problem the API answers with: the compiler asks for each code, CI for its page in docs/problems. */
export const problems = {
  not_found: { status: 404, title: 'Not found' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  invalid_transition: { status: 409, title: 'Not possible in this status' },
  already_claimed: { status: 409, title: 'Claimed by another agent' },
  stale_claim: { status: 409, title: 'This claim is over' },
  claim_token_required: { status: 409, title: 'The claim token is missing' },
  not_the_claimant: { status: 403, title: 'Not the claimant' },
  not_the_target: { status: 403, title: 'Not the target' },
  not_the_source: { status: 403, title: 'Not the source' },
  edge_not_allowed: { status: 403, title: 'This handoff is not allowed' },
  forbidden: { status: 403, title: 'Not allowed' },
  revision_mismatch: { status: 412, title: 'The packet has changed' },
  idempotency_mismatch: { status: 422, title: 'Idempotency key used for another request' },
  packet_expired: { status: 410, title: 'The packet has expired' },
  not_yet_available: { status: 409, title: 'Not offered yet' },
  awaiting_human: { status: 409, title: 'Waiting for a person' },
  approval_closed: { status: 409, title: 'The approval is over' },
  approval_timed_out: { status: 410, title: 'The approval has timed out' },
  chain_too_deep: { status: 409, title: 'The chain is too long' },
  packet_too_large: { status: 413, title: 'The packet is too large' },
  daily_limit_reached: { status: 429, title: 'No more packets today' },
  already_exists: { status: 409, title: 'It already exists' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  nesting_too_deep: { status: 422, title: 'The JSON is nested too deep' },
  unauthenticated: { status: 401, title: 'No valid API key' },
  key_revoked: { status: 403, title: 'The API key has been revoked' },
  key_expired: { status: 401, title: 'The API key has expired' },
  idempotency_key_invalid: { status: 400, title: 'The idempotency key is not valid' },
  idempotency_in_progress: { status: 409, title: 'The first request is still running' },
  last_admin_key: { status: 409, title: 'The last admin key' },
  key_not_current: { status: 409, title: 'The key is over or replaced' },
  hook_disabled: { status: 409, title: 'The webhook is disabled' },
  schema_in_use: { status: 409, title: 'The schema is in use' },
  too_many_schemas: { status: 409, title: 'Too many schemas' },
  too_many_agents: { status: 403, title: 'Too many agents' },
  too_many_keys: { status: 403, title: 'Too many API keys' },
  too_many_webhooks: { status: 403, title: 'Too many webhooks' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_streams: { status: 403, title: 'Too many live streams' },
  upgrade_required: { status: 426, title: 'Only for WebSockets' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  contended: { status: 503, title: 'Too many writers at once' },
  unavailable: { status: 503, title: 'Not available now' },
  internal: { status: 500, title: 'A fault on our side' },
} as const satisfies Record<ProblemCode, ProblemKind>;

/** Base of the `type` URL of a problem; the code is its last segment. */
export const problemTypeBase = 'https://handoffrail.dev/problems/';

/** An RFC 9457 problem document. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** A sentence that says what to do. */
  detail: string;
  instance: string;
  code: ProblemCode;
  trace_id: string;
  field?: string;
  errors?: { field: string; code: string; message: string }[];
  /** The commands that the packet's status allows. */
  allowed?: string[];
  packet_status?: string;
  claimed_by?: string;
  revision?: number;
  /** Seconds. */
  retry_after?: number;
  /** What the tenant's tier, or its overrides, allow. */
  limit?: number;
  /** What of it is used up. */
  used?: number;
  /** When it is free again by itself; RFC 3339. */
  resets_at?: string;
}
