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

const answers = new WeakMap<DataSource, Promise<boolean>>();

const ask = async (dataSource: DataSource): Promise<boolean> => {
  const { rows } = await poolOf(dataSource).query<{ version: string }>('select version()');
  return !/emscripten|wasm/i.test(rows[0]?.version ?? '');
};

/**
 * Whether statements can be prepared by name. Postgres in WebAssembly gives all its connections one session,
 * in which their names would meet.
 */
export const canPrepare = (dataSource: DataSource): Promise<boolean> => {
  const known = answers.get(dataSource);
  if (known !== undefined) return known;
  const asking = ask(dataSource);
  answers.set(dataSource, asking);
  asking.catch(() => answers.delete(dataSource));
  return asking;
};

/** Runs a query on the driver's own pool, prepared once per connection: the hot reads' way round TypeORM. */
export const queryPrepared = async <Row extends QueryResultRow>(
  dataSource: DataSource,
  { text, values }: Sql,
): Promise<Row[]> => {
  const name = (await canPrepare(dataSource)) ? nameOf(text) : undefined;
  const { rows } = await poolOf(dataSource).query<Row>({ ...(name && { name }), text, values });
  return rows;
};
