import type { PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { partition } from './checkpoint/queries.js';
import { poolOf, schemaOf } from './data-source.js';
import type { Change } from './logged-event.js';
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
  constructor(expected: number, found: number) {
    super(`The checkpoint is at ${found}, not at ${expected}: another projector has moved it`);
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
 * Begins a transaction as the only writer of a schema. The lock is taken before any table is named, so that
 * a writer who waited for a rebuild's switch finds the new tables.
 */
export const beginWriting = async (client: PoolClient, schema: string): Promise<number> => {
  const results = (await client.query(
    `begin; set local synchronous_commit = off;
     select pg_advisory_xact_lock(${writerLock}, hashtext('${schema}'));
     select position from ${schema}.checkpoints where partition = ${partition}`,
  )) as unknown as QueryResult<{ position: string }>[];
  return Number(results.at(-1)?.rows[0]?.position ?? 0);
};

const writeInTransaction = async (client: PoolClient, schema: string, batch: BatchWrite): Promise<void> => {
  const found = await beginWriting(client, schema);
  if (found !== batch.after) throw new CheckpointMoved(batch.after, found);
  for (const statement of batch.statements) await client.query(statement);
  await client.query(
    `insert into ${schema}.checkpoints (partition, position, updated_at)
       values (${partition}, ${batch.position}, now())
     on conflict (partition) do update set position = excluded.position, updated_at = excluded.updated_at;
     commit`,
  );
};

/** All of it and the checkpoint, or nothing. The models can be rebuilt, so no commit waits for the disk. */
export const writeBatch = async (dataSource: DataSource, batch: BatchWrite): Promise<void> => {
  const client = await poolOf(dataSource).connect();
  try {
    await writeInTransaction(client, schemaOf(dataSource), batch);
    client.release();
  } catch (error) {
    // Closing the connection ends the transaction, whatever state either is in.
    client.release(true);
    throw error;
  }
};
