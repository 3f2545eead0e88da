import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';

/** A stretch of the log that is read again for one endpoint. */
export interface Replay {
  hook_id: string;
  tenant_id: TenantId;
  /** What happened before is left out. */
  since: Instant;
  /** The sequences that are left, both included. */
  next: number;
  until: number;
}

const replays = `${deliverySchema}.replays`;

type Row = Pick<Replay, 'hook_id' | 'tenant_id'> & { since: Date; next: string; until: string };

/** Asks for a stretch of the log to be sent to an endpoint; one that is under way is widened. */
export const startReplay = async (source: DeliveryDatabase, replay: Replay): Promise<void> => {
  await queryPrepared(source, {
    text: `insert into ${replays} as r (hook_id, tenant_id, since, next, until)
        values ($1, $2, $3, $4, $5)
      on conflict (hook_id) do update
        set since = least(r.since, excluded.since), next = least(r.next, excluded.next),
          until = greatest(r.until, excluded.until), due_at = now()`,
    values: [replay.hook_id, replay.tenant_id, replay.since, replay.next, replay.until],
  });
};

/** Takes a replay that nobody works on, for so many seconds; null: there is none. */
export const takeReplay = async (source: DeliveryDatabase, seconds: number): Promise<Replay | null> => {
  const [row] = await queryPrepared<Row>(source, {
    text: `update ${replays} set due_at = now() + make_interval(secs => $1) where hook_id = (
        select hook_id from ${replays} where due_at <= now() order by due_at limit 1 for update skip locked)
      returning hook_id, tenant_id, since, next, until`,
    values: [seconds],
  });
  if (row === undefined) return null;
  const { since, next, until, ...rest } = row;
  return { ...rest, since: instantAt(since.getTime()), next: Number(next), until: Number(until) };
};

/**
 * Says how far a replay is: all up to `next` is stored. It stays where it is if it was widened meanwhile, and is
 * free for the next page; at its end it goes.
 */
export const moveReplay = async (source: DeliveryDatabase, replay: Replay, next: number): Promise<void> => {
  const { hook_id, next: from } = replay;
  await queryPrepared(source, {
    text: `update ${replays} set next = case when next = $2 then $3::bigint else next end, due_at = now()
      where hook_id = $1`,
    values: [hook_id, from, next],
  });
  await queryPrepared(source, {
    text: `delete from ${replays} where hook_id = $1 and next > until`,
    values: [hook_id],
  });
};
