declare const brand: unique symbol;
/** A string that only its own parse function makes; it costs nothing at run time. */
export type Brand<T extends string> = string & { readonly [brand]: T };

/** UUIDv7 (RFC 9562), or the UUIDv8 derived from an idempotency key. Lower case. */
export type PacketId = Brand<'PacketId'>;
/** A tenant: 1-64 characters of `[a-z0-9_-]`, safe as one token of a subject. */
export type TenantId = Brand<'TenantId'>;
/** The id of a command; every event it causes carries it as `causation_id`. */
export type CommandId = Brand<'CommandId'>;
/** An RFC 3339 instant in UTC with milliseconds, `2026-01-31T12:00:00.000Z`: it sorts as text. */
export type Instant = Brand<'Instant'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const tenant = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The id, or null when the text is not a UUID. Upper case is folded. */
export const parsePacketId = (text: string): PacketId | null => {
  const folded = text.toLowerCase();
  return uuid.test(folded) ? (folded as PacketId) : null;
};

/** The tenant id, or null when the text could not be a token of a subject. */
export const parseTenantId = (text: string): TenantId | null =>
  tenant.test(text) ? (text as TenantId) : null;

/** Epoch milliseconds as an instant. The caller owns the clock. */
export const instantAt = (epochMs: number): Instant => new Date(epochMs).toISOString() as Instant;

/** Epoch milliseconds of an instant that is already valid. */
export const epochOf = (instant: Instant): number => Date.parse(instant);
