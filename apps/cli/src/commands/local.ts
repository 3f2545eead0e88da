import { type Command, Option } from 'commander';
import type { HandoffStatus } from '#libs/sdk/local';
import type { CommandGroup, Run } from '../command-group.js';
import { readObject } from '../object-flag.js';
import { integer, many, moment } from '../parse.js';
import { UsageError } from '../shell.js';
import { handoffCard, handoffList } from '../show/handoffs.js';
import { openStore, stored, type StoreFlags } from '../store.js';
import { addLocalAgents } from './local-agents.js';
import { addLocalSteps } from './local-steps.js';
import { addLocalStore } from './local-store.js';

interface CreateFlags extends StoreFlags {
  from: string;
  to?: string;
  task: string;
  priority?: number;
  context?: string;
  deadline?: string;
  needs?: string[];
}

const statuses = [
  ...['pending', 'accepted', 'in_progress'],
  ...['completed', 'rejected', 'failed'],
] as HandoffStatus[];

const addCreate = (local: Command, run: Run): void => {
  stored(local.command('create'))
    .description('hand work over')
    .requiredOption('--from <agent>', 'who hands over')
    .option('--to <agent>', 'who gets it')
    .requiredOption('--task <text>', 'what is to be done')
    .option('--priority <n>', '1 to 10, 10 most urgent', integer(1, 10))
    .option('--context <json>', 'JSON of your own: an object, @file or -')
    .option('--deadline <instant>', 'when it should be done: an instant, or 2h from now', moment)
    .option('--needs <capability>', 'what whoever gets it must be able to do', many)
    .action(
      run(async (session, flags: CreateFlags) => {
        if (flags.to === undefined && flags.needs === undefined)
          throw new UsageError('Who gets it? Say --to AGENT, or --needs CAPABILITY to look for somebody.');
        const { from, to, task, priority, deadline, needs } = flags;
        const context = await readObject(flags.context, session.shell.stdin, '--context');
        const handoffs = await openStore(flags);
        const made = await handoffs.createHandoff({ from, to, task, priority, deadline, needs, context });
        session.show(made, handoffCard);
      }),
    );
};

const addLooks = (local: Command, run: Run): void => {
  stored(local.command('status <id>'))
    .description('show one handoff')
    .action(
      run(async (session, { id, ...flags }: StoreFlags & { id: string }) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.get(id), handoffCard);
      }),
    );
  stored(local.command('list'))
    .description('list handoffs, newest first')
    .addOption(new Option('--status <status>', 'with this status').choices(statuses))
    .action(
      run(async (session, flags: StoreFlags & { status?: HandoffStatus }) => {
        const handoffs = await openStore(flags);
        session.show({ handoffs: await handoffs.list({ status: flags.status }) }, handoffList);
      }),
    );
};

export const local: CommandGroup = {
  heading: 'Without a server:',
  add: (program, run) => {
    const group = program.command('local').description('handoffs in a file, by the same rules');
    for (const add of [addCreate, addLocalSteps, addLooks, addLocalAgents, addLocalStore]) add(group, run);
  },
};
