/** What a tenant has paid for. */
export const tiers = ['free', 'pro', 'business', 'unlimited'] as const;
export type Tier = (typeof tiers)[number];

/** What is limited, each by a number in its own unit; null: no limit. */
export const limitNames = [
  'packets_per_day',
  'agents',
  'keys',
  'packet_bytes',
  'requests_per_hour',
  'requests_per_minute',
  'streams',
  'webhooks',
  'audit_days',
] as const;
export type LimitName = (typeof limitNames)[number];
export type Limits = Record<LimitName, number | null>;

const row = (...values: (number | null)[]): Limits =>
  Object.fromEntries(limitNames.map((name, index) => [name, values[index] ?? null])) as Limits;

/** The limits of each tier: per UTC day and tenant, counts, bytes, per hour and tenant, per minute and key, days. */
export const tierLimits: Readonly<Record<Tier, Limits>> = {
  free: row(5, 2, 1, 65_536, 100, 60, 1, 1, 7),
  pro: row(null, 10, 5, 262_144, 1_000, 600, 5, 5, 30),
  business: row(null, 50, 25, 1_048_576, 10_000, 6_000, 25, 50, 365),
  unlimited: row(null, null, null, 1_048_576, null, null, null, null, null),
};

/** What holds for a tenant: its tier's limits, and what was agreed with it alone. */
export const limitsOf = (tier: Tier, overrides: Partial<Limits> = {}): Limits => ({
  ...tierLimits[tier],
  ...overrides,
});
