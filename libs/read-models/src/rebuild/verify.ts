import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { checkpoint } from '../checkpoint/queries.js';
import { createDataSource, liveSchema, poolOf } from '../data-source.js';
import { migrate } from '../migrate.js';
import { Projection } from '../projection.js';
import { replay, type LogSource } from '../replay.js';
import { openBeside } from './beside.js';
import { comparedTables, compareTable, type TableComparison } from './compare.js';
import { ProgressMeter, type OnProgress } from './progress.js';

export interface Verification {
  /** The log sequence at which both were compared. */
  position: number;
  equal: boolean;
  tables: TableComparison[];
}

const verifySchema = `${liveSchema}_verify`;
const pageSize = 2_000;

/** The live tables as they are at one moment, while the projector goes on. */
const withSnapshot = async <T>(
  live: DataSource,
  use: (snapshot: PoolClient, position: number) => Promise<T>,
): Promise<T> => {
  const client = await poolOf(live).connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ position: string }>(
      `select position from ${liveSchema}.checkpoints where partition = 0`,
    );
    return await use(client, Number(rows[0]?.position ?? 0));
  } finally {
    client.release(true);
  }
};

/**
 * Builds the read models anew beside the live ones, up to the live checkpoint, and compares every row. The
 * live ones go on meanwhile and stay as they are.
 */
export const verify = async (
  url: string,
  log: LogSource,
  { onProgress = () => undefined }: { onProgress?: OnProgress } = {},
): Promise<Verification> => {
  const meter = new ProgressMeter(onProgress);
  const live = createDataSource(url, { poolSize: 3 });
  await migrate(live);
  const beside = await openBeside(url, verifySchema);
  const projection = new Projection(beside.dataSource);
  const replayUntil = (from: number, until: number) =>
    replay(projection, log, {
      from,
      until,
      pageSize,
      onApplied: ({ position }) => meter.tell('replaying', position, until),
    });
  try {
    const next = await replayUntil(1, await checkpoint(live));
    return await withSnapshot(live, async (snapshot, position) => {
      await replayUntil(next, position);
      meter.tell('comparing', position, position);
      const sides = [
        { client: snapshot, schema: liveSchema },
        { client: poolOf(beside.dataSource), schema: verifySchema },
      ] as const;
      const tables: TableComparison[] = [];
      for (const table of comparedTables(live.entityMetadatas))
        tables.push(await compareTable(table, ...sides));
      return { position, equal: tables.every(({ equal }) => equal), tables };
    });
  } finally {
    await beside.close({ keep: false });
    await live.destroy();
  }
};
