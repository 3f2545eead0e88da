import type { Instant, JsonObject, PacketId, TenantId } from '#libs/packet';

/** Who did something, or tried to. */
export interface AuditActor {
  /** `unknown`: whoever sent a key of which only the first characters are those of a known one. */
  type: 'agent' | 'human' | 'system' | 'unknown';
  id: string;
  key_id?: string;
  /** The first characters of the key, to recognise it by. */
  key_prefix?: string;
}

/** Why something was refused. */
export interface AuditReason {
  /** A problem code. */
  code: string;
  detail: string;
}

interface Told {
  /** A UUID. */
  id: string;
  /** Whose audit it is in. */
  tenant_id: TenantId;
  at: Instant;
  /** The operation of the API, such as `control.create_key`. */
  action: string;
}

interface Deed extends Told {
  actor: AuditActor;
  /** The path of the request, without what may be secret in it. */
  resource: string;
  packet_id?: PacketId;
  trace_id: string;
  /** Where a request asked for it. */
  request_id?: string;
}

/** A change that is about to be made: stored before it is. */
export interface AuditAttempt extends Deed {
  kind: 'attempt';
  /** Another tenant whose audit it is in, too, because it changes something there. */
  concerns?: TenantId;
  details: JsonObject;
}

/** What nobody let happen. */
export interface AuditDenial extends Deed {
  kind: 'denial';
  reason: AuditReason;
  /** Denials of this tenant before it that were too many to be kept. */
  dropped?: number;
}

/**
 * How an attempt ended: it was made, it was refused, or it was none after all (it asked for something impossible,
 * or repeated what had been done). An attempt without one may have been made or not.
 */
export interface AuditEnding extends Told {
  kind: 'done' | 'refused' | 'void';
  concerns?: TenantId;
  /** What it made, where only its end tells. */
  resource?: string;
  reason?: AuditReason;
}

/** A message on the stream of the audit. */
export type AuditMessage = AuditAttempt | AuditDenial | AuditEnding;
