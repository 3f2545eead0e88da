import type { ReadModel } from '../read-model.js';
import { projectSearch, type SearchRow } from './project.js';
import { SearchCountEntity, SearchEntity } from './search.entity.js';
import { segmentSize } from './segments.js';
import { vectorArray, vectorOf } from './vector.js';

/** Counts the new packets on, and puts each into the segment that its number falls into. */
const addWords = (schema: string): string => `
  with input as materialized (
    select * from unnest($1::text[], $2::uuid[], $3::tsvector[]) with ordinality r(tenant_id, packet_id, words, n)
  ), counted as (
    insert into ${schema}.search_counts as c (tenant_id, packets)
    select tenant_id, count(*) from input group by tenant_id
    on conflict (tenant_id) do update set packets = c.packets + excluded.packets
    returning tenant_id, packets
  ), placed as (
    select i.*, (c.packets - count(*) over tenant + row_number() over (tenant order by i.n) - 1)
      / ${segmentSize} as segment
    from input i join counted c using (tenant_id)
    window tenant as (partition by tenant_id)
  )
  insert into ${schema}.packet_search (tenant_id, packet_id, segment, words)
  select tenant_id, packet_id, segment, words || array_to_tsvector(array[tenant_id || ' ' || segment]) from placed
  on conflict do nothing`;

const changeWords = (schema: string): string => `
  update ${schema}.packet_search s
  set words = r.words || array_to_tsvector(array[s.tenant_id || ' ' || s.segment])
  from unnest($1::text[], $2::uuid[], $3::tsvector[]) r(tenant_id, packet_id, words)
  where s.tenant_id = r.tenant_id and s.packet_id = r.packet_id`;

const valuesOf = (rows: readonly SearchRow[]): unknown[] => [
  rows.map(({ tenant_id }) => tenant_id),
  rows.map(({ packet_id }) => packet_id),
  vectorArray(rows.map(({ title, text }) => vectorOf(title, text))),
];

/** Which packets speak of this? */
export const search: ReadModel<SearchRow> = {
  name: 'search',
  entities: [SearchEntity, SearchCountEntity],
  project: projectSearch,
  write: (rows, schema) => {
    const fresh = rows.filter((row) => row.fresh);
    const changed = rows.filter((row) => !row.fresh);
    return [
      ...(fresh.length === 0 ? [] : [{ name: 'words', text: addWords(schema), values: valuesOf(fresh) }]),
      ...(changed.length === 0
        ? []
        : [{ name: 'words-changed', text: changeWords(schema), values: valuesOf(changed) }]),
    ];
  },
};
