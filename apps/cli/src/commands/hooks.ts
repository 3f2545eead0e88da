import { type Command, Option } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { byHook, type HookFlags, hookOf } from '../hook-flags.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { seconds } from '../parse.js';
import { hookCard, hookList, madeHook, rotatedSecret } from '../show/hooks.js';
import { doneLine } from '../show/listing.js';
import { addDeliveries } from './hook-deliveries.js';
import { addListen } from './hook-listening.js';

interface CreateFlags extends HookFlags {
  address: string;
  thin?: boolean;
  ordered?: boolean;
  secret?: string;
}

const addCreate = (hooks: Command, run: Run): void => {
  byHook(hooks.command('create <address>').description('have the rail call an address of yours'))
    .option('--thin', 'send ids only, not the packet')
    .option('--ordered', 'send the events of a packet in their order')
    .option('--secret <secret>', 'what signs; made by the rail when left out')
    .action(
      run(async (session, flags: CreateFlags) => {
        const { address, thin, ordered, secret } = flags;
        const rail = await session.rail();
        const made = await rail.webhooks.create({
          ...hookOf(flags),
          ...(thin && { payload: 'thin' as const }),
          ...{ url: address, ordered, secret },
        });
        session.show(made, madeHook);
      }),
    );
};

interface UpdateFlags extends HookFlags {
  id: string;
  address?: string;
  payload?: 'full' | 'thin';
  ordered?: boolean;
}

const addUpdate = (hooks: Command, run: Run): void => {
  byHook(hooks.command('update <id>').description('change what is given, and leave the rest'))
    .option('--address <address>', 'what the rail calls')
    .addOption(new Option('--payload <payload>', 'the packet, or ids only').choices(['full', 'thin']))
    .option('--ordered', 'send the events of a packet in their order')
    .option('--no-ordered', 'send them as they come')
    .action(
      run(async (session, flags: UpdateFlags) => {
        const { id, address, payload, ordered } = flags;
        const rail = await session.rail();
        const body = { ...hookOf(flags), url: address, payload, ordered };
        session.show(await rail.webhooks.update(id, body), hookCard);
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
    for (const add of [addCreate, addList, addOne, addUpdate, addDeliveries, addListen]) add(group, run);
  },
};
