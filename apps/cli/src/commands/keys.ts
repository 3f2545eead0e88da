import { type Command, Option } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { readObject } from '../object-flag.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { moment, seconds } from '../parse.js';
import { keyCard, keyList, madeKey } from '../show/keys.js';
import { doneLine } from '../show/listing.js';

interface CreateFlags {
  name: string;
  role?: (typeof roles)[number];
  agentId?: string;
  expires?: string;
  channels?: string;
  tenant?: string;
}

const roles = ['reader', 'agent', 'writer', 'approver', 'admin'] as const;

const until = (text: string): string => (text === 'never' ? text : moment(text));

const addCreate = (keys: Command, run: Run): void => {
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may do').choices([
        'reader',
        'agent',
        'writer',
        'approver',
        'admin',
      ]),
    )
    .option('--agent-id <id>', 'the only agent that it may act as')
    .option('--expires <instant>', 'until when it works: an instant, or 30d from now', moment)
    .option('--channels <json>', 'rights by channel: {"billing.*": "write"}, @file or -')
    .option('--tenant <id>', 'for another tenant; for platform admins')
    .action(
      run(async (session, { name, role, agentId, expires, channels, tenant }: CreateFlags) => {
        const rights = await readObject(channels, session.shell.stdin, '--channels');
        const rail = await session.rail();
        const made = await rail.keys.create({
          ...{ name, role, agentId },
          expiresAt: expires,
          channels: rights as Record<string, 'none' | 'read' | 'write'> | undefined,
          tenantId: tenant,
        });
        session.show(made, madeKey);
      }),
    );
};

const addList = (keys: Command, run: Run): void => {
  paged(keys.command('list').description('list keys, newest first')).action(
    run(async (session, flags: PageFlags) => {
      const rail = await session.rail();
      session.show(await pageOf(rail.keys.list(pageQuery(flags)), 'keys', flags), keyList);
    }),
  );
};

interface UpdateFlags {
  id: string;
  name?: string;
  role?: CreateFlags['role'];
  expires?: string;
}

const addUpdate = (keys: Command, run: Run): void => {
  keys
    .command('update <id>')
    .description('change what is given, and leave the rest')
    .option('--name <name>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do from now on').choices(roles))
    .option('--expires <instant>', 'until when it works: an instant, 30d from now, or never', until)
    .action(
      run(async (session, { id, name, role, expires }: UpdateFlags) => {
        const rail = await session.rail();
        const end = expires === 'never' ? null : expires;
        // Null would take a name or a role away: only an end may be taken away.
        const body = { ...(name && { name }), ...(role && { role }), expiresAt: end };
        session.show(await rail.keys.update(id, body), keyCard);
      }),
    );
};

const addEnds = (keys: Command, run: Run): void => {
  keys
    .command('revoke <id>')
    .description('end a key, everywhere, at once')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        await rail.keys.revoke(id);
        session.show({ id, revoked: true }, doneLine('Revoked'));
      }),
    );
  keys
    .command('rotate <id>')
    .description('make a key in place of another; it is shown this once')
    .option(
      '--grace <span>',
      'how long the other still works: seconds, or 1h; not at all when left out',
      seconds,
    )
    .action(
      run(async (session, { id, grace }: { id: string; grace?: number }) => {
        const rail = await session.rail();
        session.show(await rail.keys.rotate(id, { graceSeconds: grace }), madeKey);
      }),
    );
};

export const keys: CommandGroup = {
  heading: 'Manage:',
  add: (program, run) => {
    const group = program.command('keys').description('API keys; for admins');
    for (const add of [addCreate, addList, addUpdate, addEnds]) add(group, run);
  },
};
