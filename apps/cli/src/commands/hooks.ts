import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CreateHookBody, HookFilterBody } from '#libs/sdk';
import type { CommandGroup, Run } from '../command-group.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { integer, many, priority, type PriorityFlag, seconds } from '../parse.js';
import { hookCard, hookList, madeHook, rotatedSecret } from '../show/hooks.js';
import { doneLine } from '../show/listing.js';
import { addDeliveries } from './hook-deliveries.js';
import { addListen } from './hook-listening.js';

interface CreateFlags {
  address: string;
  event?: string[];
  sourceAgent?: string;
  targetAgent?: string;
  tag?: string[];
  priority?: PriorityFlag;
  thin?: boolean;
  ordered?: boolean;
  rate?: number;
  header?: Record<string, string>;
  description?: string;
  secret?: string;
}

const header = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Such as "X-Token: 4711".');
  return { ...before, [name]: value };
};

const filterOf = ({
  sourceAgent,
  targetAgent,
  tag,
  priority: level,
}: CreateFlags): HookFilterBody | undefined => {
  const filter = { source_agent: sourceAgent, target_agent: targetAgent, tags: tag, priority: level };
  return Object.values(filter).some((part) => part !== undefined) ? filter : undefined;
};

const addCreate = (hooks: Command, run: Run): void => {
  hooks
    .command('create <address>')
    .description('have the rail call an address of yours')
    .option('--event <type>', 'types of events, packet.*, or *; everything when left out', many)
    .option('--source-agent <id>', 'only what this agent hands over')
    .option('--target-agent <id>', 'only what is handed to this agent')
    .option('--tag <tag>', 'only with all of these', many)
    .option('--priority <priority>', 'only this: a word, or 1 to 10', priority)
    .option('--thin', 'send ids only, not the packet')
    .option('--ordered', 'send the events of a packet in their order')
    .option('--rate <n>', 'requests per second, at most', integer(1))
    .option('--header <name: value>', 'a header of your own', header)
    .option('--description <text>', 'what it is for')
    .option('--secret <secret>', 'what signs; made by the rail when left out')
    .action(
      run(async (session, flags: CreateFlags) => {
        const { address, event, thin, ordered, rate, header: headers, description, secret } = flags;
        const rail = await session.rail();
        const made = await rail.webhooks.create({
          url: address,
          events: event as CreateHookBody['events'],
          filter: filterOf(flags),
          ...(thin && { payload: 'thin' as const }),
          ...{ ordered, ratePerSecond: rate, headers, description, secret },
        });
        session.show(made, madeHook);
      }),
    );
};

const addList = (hooks: Command, run: Run): void => {
  paged(hooks.command('list').description('list webhooks, oldest first'))
    .addOption(new Option('--status <status>', 'with this status').choices(['active', 'disabled', 'deleted']))
    .action(
      run(async (session, flags: PageFlags & { status?: 'active' | 'disabled' | 'deleted' }) => {
        const rail = await session.rail();
        const query = { ...pageQuery(flags), status: flags.status };
        session.show(await pageOf(rail.webhooks.list(query), 'hooks', flags), hookList);
      }),
    );
};

const addOne = (hooks: Command, run: Run): void => {
  hooks
    .command('get <id>')
    .description('show one webhook')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.webhooks.get(id), hookCard);
      }),
    );
  hooks
    .command('enable <id>')
    .description('call a disabled webhook again, from now on')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.webhooks.enable(id), hookCard);
      }),
    );
  hooks
    .command('rotate <id>')
    .description('give a webhook a new secret; it is shown this once; for admins')
    .option('--grace <span>', 'how long the old one signs too: seconds, or 1h; a day when left out', seconds)
    .action(
      run(async (session, { id, grace }: { id: string; grace?: number }) => {
        const rail = await session.rail();
        session.show(await rail.webhooks.rotateSecret(id, { graceSeconds: grace }), rotatedSecret);
      }),
    );
  hooks
    .command('remove <id>')
    .description('delete a webhook; for admins')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        await rail.webhooks.remove(id);
        session.show({ id, removed: true }, doneLine('Removed'));
      }),
    );
};

export const hooks: CommandGroup = {
  heading: 'Manage:',
  add: (program, run) => {
    const group = program.command('hooks').description('webhooks, and what became of their deliveries');
    for (const add of [addCreate, addList, addOne, addDeliveries, addListen]) add(group, run);
  },
};
