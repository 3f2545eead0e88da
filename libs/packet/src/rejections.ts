import type { Instant } from './ids.js';
import type { PacketStatus } from './document.js';
import type { PacketCommandType } from './commands.js';

/** Why a command was refused. Each has an HTTP status and a page (contracts, docs/problems). */
export const rejectionCodes = [
  'not_found',
  'validation_failed',
  'invalid_transition',
  'already_claimed',
  'stale_claim',
  'claim_token_required',
  'not_the_claimant',
  'not_the_target',
  'not_the_source',
  'edge_not_allowed',
  'forbidden',
  'revision_mismatch',
  'idempotency_mismatch',
  'packet_expired',
  'not_yet_available',
  'awaiting_human',
  'approval_closed',
  'approval_timed_out',
  'chain_too_deep',
  'packet_too_large',
  'daily_limit_reached',
  'already_exists',
] as const;

export type RejectionCode = (typeof rejectionCodes)[number];

/** A refusal: it changes nothing, and only the caller needs to know. */
export interface Rejection {
  code: RejectionCode;
  /** A sentence that says what to do. */
  detail: string;
  field?: string;
  errors?: { field: string; code: string; message: string }[];
  status?: PacketStatus | 'absent';
  allowed?: PacketCommandType[];
  claimed_by?: string;
  revision?: number;
  available_at?: Instant;
  /** What the tenant may have, and has. */
  limit?: number;
  used?: number;
  /** When the count begins anew. */
  resets_at?: Instant;
}
