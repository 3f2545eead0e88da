import type { PacketId, TenantId } from '#libs/packet';
import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';

/** A delivery that nobody else has for a while. */
export interface TakenDelivery {
  id: string;
  tenant_id: TenantId;
  hook_id: string;
  event_id: string;
  event_type: string;
  packet_id: PacketId | null;
  revision: number | null;
  /** Log sequence of the event. */
  position: number | null;
  payload: object | null;
  occurred_at: Date;
  traceparent: string;
  /** Attempts that were made, of all its lives. */
  attempt_count: number;
  /** Those of them that do not count any more: it was sent again by hand. */
  spent: number;
}

type Row = Omit<TakenDelivery, 'position'> & { position: string | null };

const deliveries = `${deliverySchema}.deliveries`;

/** An ordered delivery waits until those before it of the same packet have ended, one way or the other. */
const isFree = `(not d.ordered or not exists (
  select 1 from ${deliveries} e where e.hook_id = d.hook_id and e.packet_id = d.packet_id and e.ordered
    and e.due_at is not null and e.revision < d.revision))`;

const takeSql = `
  with due as (
    select id from ${deliveries} d where hook_id = $1 and due_at <= now() and ${isFree}
    order by due_at, seq limit $2 for update skip locked
  )
  update ${deliveries} d set status = 'delivering', due_at = now() + make_interval(secs => $3)
  from due where d.id = due.id
  returning d.id, tenant_id, hook_id, event_id, event_type, packet_id, revision, position, payload, occurred_at,
    traceparent, attempt_count, spent, seq`;

/**
 * Takes deliveries of an endpoint that are due, for so many seconds: who has not settled one by then is given
 * up, and it is due again.
 */
export const takeDue = async (
  source: DeliveryDatabase,
  hookId: string,
  { limit, seconds }: { limit: number; seconds: number },
): Promise<TakenDelivery[]> => {
  const values = [hookId, limit, seconds];
  const rows = await queryPrepared<Row & { seq: string }>(source, { text: takeSql, values });
  return rows
    .sort((one, other) => Number(one.seq) - Number(other.seq))
    .map(({ seq: _, position, ...row }) => ({
      ...row,
      position: position === null ? null : Number(position),
    }));
};

/** When the next delivery of each of these endpoints is due, in ms from now (less than 0: is due). */
export const nextDue = async (
  source: DeliveryDatabase,
  hookIds: readonly string[],
): Promise<{ hook_id: string; in_ms: number }[]> => {
  const rows = await queryPrepared<{ hook_id: string; in_ms: string }>(source, {
    text: `select h.hook_id, extract(epoch from next.due_at - now()) * 1000 as in_ms
      from unnest($1::uuid[]) h(hook_id) cross join lateral (
        select due_at from ${deliveries} d where d.hook_id = h.hook_id and due_at is not null and ${isFree}
        order by due_at, seq limit 1) next`,
    values: [hookIds],
  });
  return rows.map(({ hook_id, in_ms }) => ({ hook_id, in_ms: Number(in_ms) }));
};

/** Gives back what was taken and not tried: it is due in so many ms. */
export const giveBackDeliveries = async (
  source: DeliveryDatabase,
  ids: readonly string[],
  inMs: number,
): Promise<void> => {
  await queryPrepared(source, {
    text: `update ${deliveries} set due_at = now() + make_interval(secs => $2::float8 / 1000),
        status = case when attempt_count > spent then 'failed' else 'pending' end
      where id = any ($1::uuid[]) and status = 'delivering'`,
    values: [ids, inMs],
  });
};

/**
 * Reserves the next sendings of an endpoint that wants no more than so many per second, of all copies together.
 * Answers with the wait before the first, in ms; each further one is `1000 / perSecond` later.
 */
export const reserveSendings = async (
  source: DeliveryDatabase,
  hookId: string,
  { count, perSecond }: { count: number; perSecond: number },
): Promise<number> => {
  const [row] = await queryPrepared<{ wait_ms: string }>(source, {
    text: `insert into ${deliverySchema}.endpoints as e (hook_id, free_at)
      values ($1, now() + make_interval(secs => $2::float8))
      on conflict (hook_id) do update
        set free_at = greatest(e.free_at, now()) + make_interval(secs => $2::float8)
      returning (extract(epoch from free_at - now()) - $2::float8) * 1000 as wait_ms`,
    values: [hookId, count / perSecond],
  });
  return Math.max(0, Number(row?.wait_ms ?? 0));
};
