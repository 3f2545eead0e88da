import type { SchemaListQuery } from '#libs/contracts';
import type { StoredSchema } from '#libs/schemas';
import { badCursor } from '../reads/list-filter.js';

const summaryOf = ({ id, name, version, created_at, created_by }: StoredSchema) => ({
  id,
  name,
  version,
  created_at,
  created_by,
});

/** A schema as it is shown. */
export const schemaDocument = (schema: StoredSchema) => ({
  ...summaryOf(schema),
  json_schema: schema.json_schema,
});

const cursorOf = ({ name, version }: StoredSchema): string =>
  Buffer.from(`${version} ${name}`).toString('base64url');

type Place = Pick<StoredSchema, 'name' | 'version'>;

const parseCursor = (cursor: string): Place => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, version, name] = /^(\d{1,10}) (.+)$/s.exec(text) ?? [];
  if (version === undefined || name === undefined) throw badCursor();
  return { name, version: Number(version) };
};

const isAfter =
  (place: Place) =>
  ({ name, version }: StoredSchema): boolean =>
    name === place.name ? version > place.version : name > place.name;

/** A page of a tenant's schemas, which come in order. @throws ProblemError for a cursor that is none */
export const schemaPage = (schemas: readonly StoredSchema[], query: SchemaListQuery) => {
  const { limit = 50, cursor, name } = query;
  const filtered = schemas.filter((schema) => name === undefined || schema.name === name);
  const rest = cursor === undefined ? filtered : filtered.filter(isAfter(parseCursor(cursor)));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    schemas: shown.map(summaryOf),
    total: filtered.length,
    limit,
    next_cursor: last && rest.length > shown.length ? cursorOf(last) : null,
  };
};
