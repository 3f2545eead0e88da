import { recordset } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { language, segmentSize } from './language.js';
import { projectSearch } from './project.js';
import { SearchCountEntity, SearchEntity } from './search.entity.js';

const columns = {
  tenant_id: 'text',
  packet_id: 'uuid',
  fresh: 'boolean',
  position: 'bigint',
  title: 'text',
  text: 'text',
};

const upsertSearch = (schema: string): string => `
  with input as materialized (
    select tenant_id, packet_id, fresh, position,
      setweight(to_tsvector('${language}', title), 'A') || setweight(to_tsvector('${language}', text), 'C') words
    from ${recordset(columns)}
  ), counted as (
    insert into ${schema}.search_counts as c (tenant_id, packets)
    select tenant_id, count(*) from input where fresh group by tenant_id
    on conflict (tenant_id) do update set packets = c.packets + excluded.packets
    returning tenant_id, packets
  ), placed as (
    select i.*, (c.packets - count(*) over tenant + row_number() over (tenant order by i.position) - 1)
      / ${segmentSize} as segment
    from input i join counted c using (tenant_id) where fresh
    window tenant as (partition by tenant_id)
  ), changed as (
    update ${schema}.packet_search s
    set words = i.words || array_to_tsvector(array[s.tenant_id || ' ' || s.segment])
    from input i where not i.fresh and s.tenant_id = i.tenant_id and s.packet_id = i.packet_id
  )
  insert into ${schema}.packet_search (tenant_id, packet_id, segment, words)
  select tenant_id, packet_id, segment, words || array_to_tsvector(array[tenant_id || ' ' || segment]) from placed
  on conflict do nothing`;

/** Which packets speak of this? */
export const search = {
  name: 'search',
  entities: [SearchEntity, SearchCountEntity],
  project: projectSearch,
  upsert: upsertSearch,
} satisfies ReadModel;
