import type { TenantId } from '#libs/packet';
import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema, isTableLost } from './data-source.js';

/** What of a tenant's deliveries is not done. */
export interface DeliveryStanding {
  /** To be sent: now, at another attempt, or under way. */
  open: number;
  /** Of these, those that have failed at least once. */
  retrying: number;
  dead_letters: number;
  /** Counting ended at 10,000 of a kind. */
  capped: boolean;
}

const mostCounted = 10_000;

/** As far as an index goes, and no further than it must. */
const standingSql = `
  select open, retrying, dead_letters from
    (select count(*) as open, count(*) filter (where attempt_count > spent) as retrying from (
      select attempt_count, spent from ${deliverySchema}.deliveries
      where hook_id = any ($2::uuid[]) and due_at is not null limit ${mostCounted + 1}) due) owed,
    (select count(*) as dead_letters from (
      select from ${deliverySchema}.deliveries
      where tenant_id = $1 and status = 'dead_letter' limit ${mostCounted + 1}) dead) lost`;

const nothing = { open: '0', retrying: '0', dead_letters: '0' };

/** How the deliveries to a tenant's endpoints stand; without the tables there has been none. */
export const deliveryStanding = async (
  source: DeliveryDatabase,
  tenant: TenantId,
  hookIds: readonly string[],
): Promise<DeliveryStanding> => {
  const asked = queryPrepared<typeof nothing>(source, { text: standingSql, values: [tenant, hookIds] });
  const [row = nothing] = await asked.catch((error: unknown) => {
    if (isTableLost(error)) return [nothing];
    throw error;
  });
  const [open, retrying, dead] = [Number(row.open), Number(row.retrying), Number(row.dead_letters)];
  const most = (count: number): number => Math.min(count, mostCounted);
  return {
    open: most(open),
    retrying: most(retrying),
    dead_letters: most(dead),
    capped: Math.max(open, dead) > mostCounted,
  };
};
