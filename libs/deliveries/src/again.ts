import type { Instant, TenantId } from '#libs/packet';
import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';

const sendAgain = `update ${deliverySchema}.deliveries
  set status = 'pending', due_at = now(), spent = attempt_count`;

/** Sends a dead letter once more, with all its attempts. Answers with its endpoint, or null: it is no dead letter. */
export const replayDelivery = async (
  source: DeliveryDatabase,
  tenant: TenantId,
  id: string,
): Promise<string | null> => {
  const [row] = await queryPrepared<{ hook_id: string }>(source, {
    text: `${sendAgain} where tenant_id = $1 and id = $2 and status = 'dead_letter' returning hook_id`,
    values: [tenant, id],
  });
  return row?.hook_id ?? null;
};

/** Sends the dead letters of an endpoint that were made since then once more. Answers with how many. */
export const recoverDeliveries = async (
  source: DeliveryDatabase,
  tenant: TenantId,
  { hook_id, since }: { hook_id: string; since: Instant },
): Promise<number> => {
  const rows = await queryPrepared(source, {
    text: `${sendAgain} where tenant_id = $1 and hook_id = $2 and status = 'dead_letter' and created_at >= $3
      returning id`,
    values: [tenant, hook_id, since],
  });
  return rows.length;
};

/**
 * What these endpoints, to which nothing is sent any more, are still owed becomes dead letters; what is under way
 * ends by itself.
 */
export const endDeliveries = async (source: DeliveryDatabase, hookIds: readonly string[]): Promise<void> => {
  await queryPrepared(source, {
    text: `update ${deliverySchema}.deliveries set status = 'dead_letter', due_at = null
      where hook_id = any ($1::uuid[]) and due_at is not null and (status <> 'delivering' or due_at <= now())`,
    values: [hookIds],
  });
};

const pageOfOld = 5_000;

/** Forgets deliveries that are older than so many days, a page of them. Answers with how many. */
export const sweepDeliveries = async (source: DeliveryDatabase, days: number): Promise<number> => {
  const rows = await queryPrepared(source, {
    text: `delete from ${deliverySchema}.deliveries where id in (
        select id from ${deliverySchema}.deliveries where created_at < now() - make_interval(days => $1)
        limit ${pageOfOld} for update skip locked)
      returning id`,
    values: [days],
  });
  return rows.length;
};

/** What of the deliveries is not done. */
export interface Backlog {
  /** Due, and with nobody. */
  waiting: number;
  /** Of those the longest wait, in seconds. */
  oldest_seconds: number;
}

const mostCounted = 100_000;

/** How much is due and not taken, of all tenants; counted up to 100,000. */
export const deliveryBacklog = async (source: DeliveryDatabase): Promise<Backlog> => {
  const [row] = await queryPrepared<{ waiting: string; oldest: string | null }>(source, {
    text: `select count(*) as waiting, extract(epoch from now() - min(due_at)) as oldest from (
        select due_at from ${deliverySchema}.deliveries where due_at <= now() limit ${mostCounted}) due`,
    values: [],
  });
  return { waiting: Number(row?.waiting ?? 0), oldest_seconds: Number(row?.oldest ?? 0) };
};
