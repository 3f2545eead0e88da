import type { QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from './data-source.js';

/** A statement's text and its parameters. */
export interface Sql {
  text: string;
  values: unknown[];
}

/** Each prepared statement costs memory on every connection, and clients choose the shapes of their lists. */
const mostNames = 300;
const names = new Map<string, string>();

const nameOf = (text: string): string | undefined => {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `handoffrail-${names.size}`;
  names.set(text, name);
  return name;
};

/** Runs a query on the driver's own pool, prepared once per connection: the hot reads' way round TypeORM. */
export const queryPrepared = async <Row extends QueryResultRow>(
  dataSource: DataSource,
  { text, values }: Sql,
): Promise<Row[]> => {
  const name = nameOf(text);
  const { rows } = await poolOf(dataSource).query<Row>({ ...(name && { name }), text, values });
  return rows;
};
