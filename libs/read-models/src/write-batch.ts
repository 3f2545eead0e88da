import type { PoolClient, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { partition } from './checkpoint/queries.js';
import { poolOf, schemaOf } from './data-source.js';
import type { Change } from './logged-event.js';
import { canPrepare } from './prepared.js';
import type { Statement } from './read-model.js';
import { readModels } from './read-models.js';

export interface BatchRange {
  /** The checkpoint that the batch builds on. */
  after: number;
  /** The checkpoint that it leads to. */
  position: number;
}

export interface BatchWrite extends BatchRange {
  statements: readonly Statement[];
}

/** Somebody else moved the checkpoint. */
export class CheckpointMoved extends Error {
  constructor(expected: number) {
    super(`The checkpoint is not at ${expected} any more: another projector has moved it`);
    this.name = 'CheckpointMoved';
  }
}

/** What these changes write, model by model. */
export const statementsFor = (schema: string, changes: readonly Change[]): Statement[] =>
  readModels.flatMap(({ project, write }) => {
    const rows = project(changes);
    return rows.length === 0 ? [] : write(rows, schema);
  });

const writerLock = 7_316_241;

/**
 * Makes a transaction the only writer of a schema. The lock is taken before any table is named, so that a
 * writer who waited for a rebuild's switch finds the new tables.
 */
export const lockWriters = (schema: string): string =>
  `select pg_advisory_xact_lock(${writerLock}, hashtext('${schema}'))`;

const positionIn = (schema: string): string =>
  `coalesce((select position from ${schema}.checkpoints where partition = ${partition}), 0)`;

/** Begins, and fails with `divisionByZero` unless the checkpoint is where the batch builds on. */
const begin = (schema: string, after: number): string =>
  `begin; set local synchronous_commit = off; ${lockWriters(schema)};
   select 1 / (${positionIn(schema)} = ${after})::int`;

const finish = (schema: string, position: number): string =>
  `insert into ${schema}.checkpoints (partition, position, updated_at) values (${partition}, ${position}, now())
   on conflict (partition) do update set position = excluded.position, updated_at = excluded.updated_at; commit`;

const divisionByZero = '22012';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/**
 * Sends the whole transaction at once: in a busy process each answer that is waited for costs a turn of the
 * event loop, and they add up to the better part of the lag. After a failure Postgres refuses what follows,
 * and the commit becomes a rollback.
 */
const writeInTransaction = async (
  client: PoolClient,
  schema: string,
  batch: BatchRange & { statements: readonly QueryConfig[] },
): Promise<void> => {
  const [begun, ...written] = await Promise.allSettled([
    client.query(begin(schema, batch.after)),
    ...batch.statements.map((statement) => client.query(statement)),
    client.query(finish(schema, batch.position)),
  ]);
  if (begun.status === 'rejected')
    throw codeOf(begun.reason) === divisionByZero ? new CheckpointMoved(batch.after) : begun.reason;
  const failed = written.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};

/** All of it and the checkpoint, or nothing. The models can be rebuilt, so no commit waits for the disk. */
export const writeBatch = async (dataSource: DataSource, batch: BatchWrite): Promise<void> => {
  const isNamed = await canPrepare(dataSource);
  const statements = isNamed ? batch.statements : batch.statements.map(({ name: _name, ...rest }) => rest);
  const client = await poolOf(dataSource).connect();
  try {
    await writeInTransaction(client, schemaOf(dataSource), { ...batch, statements });
    client.release();
  } catch (error) {
    // Closing the connection ends the transaction, whatever state either is in.
    client.release(true);
    throw error;
  }
};
