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

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Years 1 to 9999: their instants have 24 characters and sort as text. */
const firstInstant = Date.parse('0001-01-01T00:00:00.000Z');
const endOfInstants = Date.UTC(10_000, 0);

/** Whether an RFC 3339 text is printed already as we print it. */
const isCanonical = (text: string): text is Instant => text.length === 24 && text.endsWith('Z');

const hasDay = (year: number, month: number, day: number): boolean =>
  day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The instant in UTC with milliseconds, or null when the text is not RFC 3339 (offset needed). */
export const parseInstant = (text: string): Instant | null => {
  const match = rfc3339.exec(text.toUpperCase());
  if (match === null) return null;
  // Date.parse rolls February 30 over into March instead of refusing it.
  const [given, year, month, day, hour] = match;
  if (hour === '24' || !hasDay(Number(year), Number(month), Number(day))) return null;
  const epochMs = Date.parse(given);
  const inRange = epochMs >= firstInstant && epochMs < endOfInstants;
  if (!inRange) return null;
  return isCanonical(given) ? given : instantAt(epochMs);
};

/** The instant so many seconds later. */
export const after = (instant: Instant, seconds: number): Instant =>
  instantAt(epochOf(instant) + Math.round(seconds * 1000));

/** The id that stands `n` places after a UUID: the events of one command count up from its `event_id`. */
export const nthId = (id: string, n: number): string => {
  if (n === 0) return id;
  const tail = (Number.parseInt(id.slice(-12), 16) + n) % 2 ** 48;
  return id.slice(0, -12) + tail.toString(16).padStart(12, '0');
};
