import { recordset } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { PacketTagEntity } from './packet-tag.entity.js';
import { projectTags } from './project.js';

const upsertTags = (schema: string): string => `
  with changed as materialized (
    select * from ${recordset({ tenant_id: 'text', packet_id: 'uuid', created_at: 'timestamptz', tags: 'text[]' })}
  ), gone as (
    delete from ${schema}.packet_tags t using changed c
    where t.tenant_id = c.tenant_id and t.packet_id = c.packet_id and t.created_at = c.created_at
      and t.tag <> all (c.tags)
  )
  insert into ${schema}.packet_tags (tenant_id, tag, created_at, packet_id)
  select distinct c.tenant_id, tag, c.created_at, c.packet_id from changed c, unnest(c.tags) tag
  on conflict do nothing`;

/** Which packets carry a tag? */
export const tags = {
  name: 'tags',
  entities: [PacketTagEntity],
  project: projectTags,
  upsert: upsertTags,
} satisfies ReadModel;
