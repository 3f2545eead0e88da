import type { DataSource } from 'typeorm';
import { checkpoint } from '../checkpoint/queries.js';
import { createDataSource, liveSchema, poolOf } from '../data-source.js';
import { migrate } from '../migrate.js';
import { Projection } from '../projection.js';
import { replay, type LogSource } from '../replay.js';
import { lockWriters } from '../write-batch.js';
import { openBeside, positionOf, type Beside } from './beside.js';
import { ProgressMeter, type OnProgress } from './progress.js';

export interface RebuildOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

export interface Rebuilt {
  /** The log sequence that the new models hold. */
  position: number;
  seconds: number;
}

const newSchema = `${liveSchema}_rebuild`;
const oldSchema = `${liveSchema}_old`;
/** Events per transaction: fewer commits, and more events of one packet that end in one row. */
const pageSize = 2_000;
const mostAttempts = 200;

interface Run {
  live: DataSource;
  beside: Beside;
  projection: Projection;
  log: LogSource;
  meter: ProgressMeter;
  signal?: AbortSignal;
}

const catchUp = async ({ projection, log, meter, signal }: Run, from: number): Promise<number> => {
  const total = await log.lastSequence();
  const next = await replay(projection, log, {
    from,
    pageSize,
    ...(signal && { signal }),
    onApplied: ({ position }) => meter.tell('replaying', position, Math.max(total, position)),
  });
  signal?.throwIfAborted();
  return next;
};

/**
 * Puts the new tables in the place of the live ones, if they are at least as far: one transaction, in which
 * nobody projects. Readers never wait: each of their statements sees the old tables or the new ones.
 */
const switchOver = async ({ live }: Run): Promise<boolean> => {
  const client = await poolOf(live).connect();
  try {
    await client.query(`begin; ${lockWriters(liveSchema)}`);
    const isFarEnough = (await positionOf(client, newSchema)) >= (await positionOf(client, liveSchema));
    if (isFarEnough)
      await client.query(
        `alter schema ${liveSchema} rename to ${oldSchema}; alter schema ${newSchema} rename to ${liveSchema}`,
      );
    await client.query('commit');
    client.release();
    return isFarEnough;
  } catch (error) {
    client.release(true);
    throw error;
  }
};

/** Catches up until the new tables are not behind the live ones, which go on meanwhile, and switches over. */
const overtake = async (run: Run, from: number): Promise<number> => {
  let next = from;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    next = await catchUp(run, next);
    if (await switchOver(run)) return next - 1;
    if (next > (await run.log.lastSequence()) && next <= (await checkpoint(run.live)))
      throw new Error('The log ends before the live read models: they are of another log');
  }
  throw new Error('The new read models did not overtake the live ones: try again when less is written');
};

const rebuildBeside = async (run: Run): Promise<number> => {
  const filled = await catchUp(run, 1);
  run.meter.tell('indexing', filled - 1, filled - 1);
  await run.beside.finish();
  const current = await catchUp(run, filled);
  run.meter.tell('switching', current - 1, current - 1);
  return overtake(run, current);
};

/**
 * Builds all read models anew from the log, beside the live ones, which go on meanwhile, and switches over.
 * Interrupted, it leaves the live ones as they are. Run one at a time.
 */
export const rebuild = async (
  url: string,
  log: LogSource,
  options: RebuildOptions = {},
): Promise<Rebuilt> => {
  const began = performance.now();
  const live = createDataSource(url, { poolSize: 3 });
  await migrate(live);
  await poolOf(live).query(`drop schema if exists ${oldSchema} cascade`);
  const beside = await openBeside(url, newSchema);
  let isLive = false;
  try {
    const { onProgress = () => undefined, ...rest } = options;
    const projection = new Projection(beside.dataSource);
    const position = await rebuildBeside({
      live,
      beside,
      projection,
      log,
      meter: new ProgressMeter(onProgress),
      ...rest,
    });
    isLive = true;
    await poolOf(live).query(`drop schema ${oldSchema} cascade`);
    return { position, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await beside.close({ keep: isLive });
    await live.destroy();
  }
};
