import type { Change } from './logged-event.js';

/** An entity class, as TypeORM takes it. */
type Entity = Function;

/** A prepared statement and its parameters. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

/** One question's answer, kept ready in Postgres: what is stored, and what a batch of events means for it. */
export interface ReadModel<Row extends object = object> {
  name: string;
  entities: readonly Entity[];
  /** Pure: the rows that these changes write, in log order. None: the model is not touched. */
  project(changes: readonly Change[]): readonly Row[];
  /** The statements that write the rows, each all of them at once. */
  write(rows: readonly Row[], schema: string): Statement[];
}
