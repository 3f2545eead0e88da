import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';
import { deliveryId, type NewDelivery } from './delivery.js';

const partition = 0;

const columns = `tenant_id, hook_id, event_id, event_type, packet_id, revision, position, payload, traceparent,
  occurred_at, ordered`;

/** In the order given, so that the rows of an ordered endpoint have their sequence in the order of the log. */
const insertion = `
  insert into ${deliverySchema}.deliveries (id, ${columns})
  select id, ${columns} from json_to_recordset($1::json) as r(
    id uuid, tenant_id text, hook_id uuid, event_id text, event_type text, packet_id uuid, revision integer,
    position bigint, payload json, traceparent text, occurred_at timestamptz, ordered boolean)
  on conflict (id) do nothing returning hook_id`;

const rowsOf = (deliveries: readonly NewDelivery[]): string =>
  JSON.stringify(
    deliveries.map(({ packet, ...delivery }) => ({
      ...delivery,
      id: deliveryId(delivery.hook_id, delivery.event_id),
      packet_id: packet?.id,
      revision: packet?.revision,
      position: packet?.position,
    })),
  );

/**
 * Stores what endpoints are owed and how far the log is fanned out, together. What is there already is left as
 * it is. Answers with how many were new.
 */
export const insertFannedOut = async (
  source: DeliveryDatabase,
  deliveries: readonly NewDelivery[],
  position: number,
): Promise<number> => {
  const rows = await queryPrepared(source, {
    text: `with place as (
        insert into ${deliverySchema}.checkpoints as c (partition, position) values (${partition}, $2)
        on conflict (partition) do update set position = greatest(c.position, excluded.position)
      ) ${insertion}`,
    values: [rowsOf(deliveries), position],
  });
  return rows.length;
};

/** Stores deliveries that do not come from the fan-out. Answers with how many were new. */
export const insertDeliveries = async (
  source: DeliveryDatabase,
  deliveries: readonly NewDelivery[],
): Promise<number> => {
  const rows = await queryPrepared(source, { text: insertion, values: [rowsOf(deliveries)] });
  return rows.length;
};

/** The log sequence up to which all is fanned out; null: nothing ever was, or the database is a new one. */
export const fannedOut = async (source: DeliveryDatabase): Promise<number | null> => {
  const [row] = await queryPrepared<{ position: string }>(source, {
    text: `select position from ${deliverySchema}.checkpoints where partition = ${partition}`,
    values: [],
  });
  return row === undefined ? null : Number(row.position);
};

/** Goes back to where the log ends: it has lost what came after. */
export const rewindFanOut = async (source: DeliveryDatabase, position: number): Promise<void> => {
  await queryPrepared(source, {
    text: `update ${deliverySchema}.checkpoints set position = $1 where partition = ${partition} and position > $1`,
    values: [position],
  });
};
