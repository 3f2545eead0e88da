import type { TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';

/** Whether a packet of the tenant that is not done names this schema. */
export const usesSchema = async (dataSource: DataSource, tenant: TenantId, id: string): Promise<boolean> => {
  const rows = await queryPrepared(dataSource, {
    text: `select from ${schemaOf(dataSource)}.packets
      where tenant_id = $1 and schema_id = $2
        and status in ('created', 'claimed', 'in_progress', 'awaiting_human') limit 1`,
    values: [tenant, id],
  });
  return rows.length > 0;
};
