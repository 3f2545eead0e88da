import type { CommandGroup } from '../command-group.js';
import { integer } from '../parse.js';
import type { Session } from '../session.js';
import { endOf, startStandalone } from '../standalone-process.js';

interface ServeFlags {
  port?: number;
  dataDir?: string;
}

const serve = async ({ shell: { env } }: Session, { port, dataDir }: ServeFlags): Promise<number> => {
  const settings = {
    ...env,
    ...(port !== undefined && { PORT: String(port) }),
    ...(dataDir !== undefined && { HR_DATA_DIR: dataDir }),
  };
  const child = startStandalone(settings, ['inherit', 'inherit', 'inherit', 'ipc']);
  // The terminal tells both of Ctrl-C; what is sent to this process only is handed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  return endOf(child);
};

/** The rail itself. */
export const serving: CommandGroup = {
  heading: 'The rail:',
  add: (program, run) => {
    program
      .command('serve')
      .description('run the whole rail here: API, log and database in one process')
      .option('--port <port>', 'of the API; 8080 when left out', integer(1, 65_535))
      .option('--data-dir <directory>', 'where its data is kept; .data when left out')
      .action(run(serve));
  },
};
