import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';
import type { Attempt } from './delivery.js';

/** What became of one attempt. */
export interface SettledAttempt {
  id: string;
  hook_id: string;
  /** Attempts before this one: a late answer of a process that was given up changes nothing. */
  attempt_count: number;
  status: 'delivered' | 'failed' | 'dead_letter';
  attempt: Attempt;
  /** Until the next attempt, of one that failed. */
  retry_in_ms?: number;
}

/** An endpoint about which there is news. */
export interface EndpointStanding {
  hook_id: string;
  /** Since when it has only failed. */
  failing_since: Date;
}

const deliveries = `${deliverySchema}.deliveries`;
const endpoints = `${deliverySchema}.endpoints`;

/**
 * A success of late counts all the same. An endpoint that had one in this batch fails since the end of it at
 * the earliest; all rows are taken in order, so that two copies never wait for each other in a circle.
 */
const settleSql = `
  with settled as (
    select * from json_to_recordset($1::json) as r(id uuid, hook_id uuid, attempt_count integer, status text,
      attempt jsonb, retry_in_ms float8) order by id
  ), written as (
    update ${deliveries} d set status = s.status, attempts = d.attempts || s.attempt,
      attempt_count = d.attempt_count + 1,
      due_at = now() + make_interval(secs => s.retry_in_ms / 1000),
      delivered_at = case when s.status = 'delivered' then now() end
    from settled s
    where d.id = s.id and d.due_at is not null
      and (s.status = 'delivered' or d.attempt_count = s.attempt_count)
  ), by_hook as (
    select hook_id, bool_or(status = 'delivered') as succeeded from settled group by hook_id order by hook_id
  ), recovered as (
    update ${endpoints} e set failing_since = null from by_hook b
    where e.hook_id = b.hook_id and b.succeeded and e.failing_since is not null
  )
  insert into ${endpoints} as e (hook_id, failing_since)
  select hook_id, now() from by_hook where not succeeded
  on conflict (hook_id) do update set failing_since = coalesce(e.failing_since, excluded.failing_since)
  returning hook_id, failing_since`;

/** Writes what became of attempts. Answers with the endpoints that failed, and since when they only do. */
export const settleAttempts = async (
  source: DeliveryDatabase,
  attempts: readonly SettledAttempt[],
): Promise<EndpointStanding[]> =>
  queryPrepared<{ hook_id: string; failing_since: Date }>(source, {
    text: settleSql,
    values: [JSON.stringify(attempts)],
  });
