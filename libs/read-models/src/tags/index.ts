import { jsonRows, recordset } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { PacketTagEntity } from './packet-tag.entity.js';
import { projectTags, type PacketTagsRow } from './project.js';

const columns = {
  tenant_id: 'text',
  packet_id: 'uuid',
  created_at: 'timestamptz',
  added: 'text[]',
  removed: 'text[]',
};

const addTags = (schema: string): string => `
  insert into ${schema}.packet_tags (tenant_id, tag, created_at, packet_id)
  select tenant_id, tag, created_at, packet_id from ${recordset(columns)}, unnest(added) tag
  on conflict do nothing`;

const removeTags = (schema: string): string => `
  delete from ${schema}.packet_tags t using ${recordset(columns)}, unnest(removed) gone
  where t.tenant_id = r.tenant_id and t.tag = gone and t.created_at = r.created_at and t.packet_id = r.packet_id`;

/** Which packets carry a tag? */
export const tags: ReadModel<PacketTagsRow> = {
  name: 'tags',
  entities: [PacketTagEntity],
  project: projectTags,
  write: (rows, schema) => {
    const values = [jsonRows(rows)];
    const losing = rows.some(({ removed }) => removed.length > 0);
    return [
      { name: 'tags', text: addTags(schema), values },
      ...(losing ? [{ name: 'tags-removed', text: removeTags(schema), values }] : []),
    ];
  },
};
