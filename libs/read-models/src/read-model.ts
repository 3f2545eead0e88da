import type { Change } from './logged-event.js';

/** An entity class, as TypeORM takes it. */
type Entity = Function;

/** One question's answer, kept ready in Postgres: what is stored, and what a batch of events means for it. */
export interface ReadModel {
  name: string;
  entities: readonly Entity[];
  /** Pure: the rows that these changes write, in log order. None: the model is not touched. */
  project(changes: readonly Change[]): readonly object[];
  /** One statement that writes all rows; `$1` is their JSON array. */
  upsert(schema: string): string;
}
