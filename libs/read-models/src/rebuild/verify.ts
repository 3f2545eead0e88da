import type { DataSource } from 'typeorm';
import { checkpoint } from '../checkpoint/queries.js';
import { createDataSource, liveSchema, poolOf } from '../data-source.js';
import { migrate } from '../migrate.js';
import { Projection } from '../projection.js';
import { replay, type LogSource } from '../replay.js';
import { openBeside, positionOf } from './beside.js';
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
const mostAttempts = 200;

/** Compares both, if they are at the same position in one snapshot; null when the live one has moved on. */
const compareAtOnce = async (live: DataSource, meter: ProgressMeter): Promise<Verification | null> => {
  const client = await poolOf(live).connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const position = await positionOf(client, liveSchema);
    if (position !== (await positionOf(client, verifySchema))) return null;
    meter.tell('comparing', position, position);
    const comparison = { client, live: liveSchema, fresh: verifySchema };
    const tables: TableComparison[] = [];
    for (const table of comparedTables(live.entityMetadatas))
      tables.push(await compareTable(comparison, table));
    return { position, equal: tables.every(({ equal }) => equal), tables };
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
  try {
    let from = 1;
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const until = await checkpoint(live);
      const onApplied = ({ position }: { position: number }) => meter.tell('replaying', position, until);
      from = await replay(projection, log, { from, until, pageSize, onApplied });
      if (from <= until) throw new Error('The log ends before the live read models: they are of another log');
      const verification = await compareAtOnce(live, meter);
      if (verification !== null) return verification;
    }
    throw new Error('The live read models moved on each time: try again when less is written');
  } finally {
    await beside.close({ keep: false });
    await live.destroy();
  }
};
