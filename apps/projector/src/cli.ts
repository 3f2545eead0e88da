import { resolve } from 'node:path';
import { connectNats, PacketLog } from '#libs/event-log';
import { type Progress, rebuild, verify } from '#libs/read-models';
import {
  type Config,
  createLogger,
  findServers,
  readConfig,
  requireUrl,
  StartError,
} from '#libs/service-kit';

const usage = `Usage: npm run projector -- rebuild|verify [--json]

  rebuild   build all read models anew from the log, beside the live ones, and switch over
  verify    build them beside and compare every row with the live ones; ends with 1 when they differ

  --json    one JSON object per line instead of text

NATS_URL and DATABASE_URL name the servers. Left out, they are those of the rail that runs on HR_DATA_DIR.`;

/** Prints an object as JSON, or the line for people. */
type Print = (value: object, line: string) => void;

const progressLine = ({ phase, percent, done, total, events_per_second, eta_seconds }: Progress): string =>
  phase === 'replaying'
    ? `${String(percent).padStart(3)} %  ${done} of ${total} events, ${events_per_second}/s, ${eta_seconds} s left`
    : `       ${phase}`;

const runRebuild = async (log: PacketLog, databaseUrl: string, print: Print): Promise<boolean> => {
  const onProgress = (progress: Progress) => print(progress, progressLine(progress));
  const { position, seconds } = await rebuild(databaseUrl, log, { onProgress });
  const line = `The read models are rebuilt up to event ${position}, in ${seconds.toFixed(1)} s.`;
  print({ rebuilt: true, position, events: position, seconds }, line);
  return true;
};

const runVerify = async (log: PacketLog, databaseUrl: string, print: Print): Promise<boolean> => {
  const onProgress = (progress: Progress) => print(progress, progressLine(progress));
  const verified = await verify(databaseUrl, log, { onProgress });
  const tables = verified.tables.flatMap(({ table, rows, equal, differences }) => [
    `${equal ? 'equal ' : 'DIFFER'}  ${table}, ${rows} rows`,
    ...differences.map(({ key, problem }) => `        ${key}: ${problem}`),
  ]);
  const verdict = `At event ${verified.position} the live read models are ${verified.equal ? '' : 'NOT '}what the log says.`;
  print(verified, [...tables, verdict].join('\n'));
  return verified.equal;
};

const commands: Record<string, typeof runRebuild> = { rebuild: runRebuild, verify: runVerify };

/** The configuration, with the servers of the rail that runs here where it names none. */
const withServers = async (config: Config): Promise<Config> => {
  if (config.natsUrl !== undefined && config.databaseUrl !== undefined) return config;
  const found = await findServers(config.dataDir);
  if (found === undefined) return config;
  console.error(`With the servers of the rail that runs on ${resolve(config.dataDir)}.`);
  return {
    ...config,
    natsUrl: config.natsUrl ?? found.natsUrl,
    databaseUrl: config.databaseUrl ?? found.databaseUrl,
  };
};

// Completes the sentence of a setting that is missing.
const whose = 'no rail runs on HR_DATA_DIR, and the projector';

const run = async (command: typeof runRebuild, isJson: boolean): Promise<boolean> => {
  // eslint-disable-next-line no-restricted-properties -- this is a process of its own: it reads its environment once, here
  const config = await withServers(readConfig(process.env));
  const databaseUrl = requireUrl(config, 'databaseUrl', whose);
  const nats = await connectNats(requireUrl(config, 'natsUrl', whose), 'handoffrail-projector-cli');
  // Its lines would stand between ours.
  const logger = createLogger({ logLevel: 'silent' }, 'projector-cli');
  const log = new PacketLog(nats, { logger });
  try {
    return await command(log, databaseUrl, (value, line) =>
      console.log(isJson ? JSON.stringify(value) : line),
    );
  } finally {
    log.close();
    await nats.close();
  }
};

const [name = '', ...flags] = process.argv.slice(2);
const command = commands[name];
if (command === undefined || flags.some((flag) => flag !== '--json')) {
  console.error(usage);
  process.exit(2);
}
try {
  process.exitCode = (await run(command, flags.includes('--json'))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 2;
}
