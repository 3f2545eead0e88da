import type { Command } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { readSource } from '../input.js';
import { many, manyOf } from '../parse.js';
import { importSummary } from '../show/transfer.js';
import { since } from '../since.js';
import { statuses } from '../statuses.js';
import { exportedLines, type ExportOptions } from '../transfer/exported.js';
import { importAll, packetsIn } from '../transfer/imported.js';
import { writeAll } from '../write-all.js';

type ExportFlags = Pick<ExportOptions, 'status' | 'tag' | 'since'>;

interface ImportFlags {
  file: string;
  ended?: boolean;
}

const addExport = (program: Command, run: Run): void => {
  program
    .command('export')
    .description('print packets with their events, as JSON Lines, oldest first')
    .option('--status <status>', 'in any of these, divided by commas', manyOf(statuses))
    .option('--tag <tag>', 'with all of these', many)
    .option('--since <instant>', 'created after it: an instant, or 2h ago as 2h', since)
    .action(
      run(async (session, flags: ExportFlags) => {
        const rail = await session.rail();
        const onProgress = (count: number) => session.output.progress(`${count} packets`);
        await writeAll(session.shell.stdout, exportedLines(rail, { ...flags, onProgress }));
      }),
    );
};

const addImport = (program: Command, run: Run): void => {
  program
    .command('import <file>')
    .description('make the packets of an export anew, each once; - for standard input')
    .option('--ended', 'those that had ended, too')
    .action(
      run(async (session, { file, ended = false }: ImportFlags) => {
        const packets = packetsIn(await readSource(file, session.shell.stdin));
        const rail = await session.rail();
        const onProgress = (count: number) =>
          session.output.progress(`${count} of ${packets.length} packets`);
        const outcome = await importAll(rail, packets, { ended, onProgress });
        session.show(outcome, importSummary);
        return outcome.errors.length === 0 ? 0 : 1;
      }),
    );
};

export const moving: CommandGroup = {
  heading: 'Move:',
  add: (program, run) => {
    addExport(program, run);
    addImport(program, run);
  },
};
