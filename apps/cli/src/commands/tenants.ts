import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { seconds } from '../parse.js';
import { keyList } from '../show/keys.js';
import { doneLine } from '../show/listing.js';
import { tenantCard, tenantList } from '../show/tenants.js';

type Limits = Record<string, number | null>;

interface TenantFlags {
  name?: string;
  tier?: 'free' | 'pro' | 'business' | 'unlimited';
  limit?: Limits;
  /** False: the limits of the tier hold again. */
  limits?: boolean;
  ttl?: number | 'none';
}

/** `name=100`, or `name=none` for no limit. Which names there are, the server knows. */
const limit = (text: string, before: Limits = {}): Limits => {
  const [, name, value] = /^(\w+)=(\d+|none)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Such as packets_per_day=1000, or packets_per_day=none.');
  return { ...before, [name]: value === 'none' ? null : Number(value) };
};

const span = (text: string): number | 'none' => (text === 'none' ? text : seconds(text));

const described = (command: Command): Command =>
  command
    .addOption(
      new Option('--tier <tier>', 'whose limits hold').choices(['free', 'pro', 'business', 'unlimited']),
    )
    .option('--limit <name=n>', 'in place of the limit of the tier; none for no limit', limit)
    .option('--ttl <span>', 'time to live of packets that name none: seconds, or 7d; none for none', span);

const bodyOf = ({ name, tier, limit: overrides, limits, ttl }: TenantFlags) => ({
  ...(name !== undefined && { name }),
  ...{ tier, defaultTtlSeconds: ttl === 'none' ? null : ttl },
  overrides: limits === false ? null : overrides,
});

const addCreate = (tenants: Command, run: Run): void => {
  described(
    tenants
      .command('create')
      .description('make a tenant')
      .requiredOption('--name <name>', 'what it is called'),
  ).action(
    run(async (session, flags: TenantFlags & { name: string }) => {
      const rail = await session.rail();
      session.show(await rail.tenants.create({ ...bodyOf(flags), name: flags.name }), tenantCard);
    }),
  );
};

const addChange = (tenants: Command, run: Run): void => {
  described(
    tenants
      .command('update <id>')
      .description('change what is given, and leave the rest')
      .option('--name <name>', 'what it is called')
      .option('--no-limits', 'only the limits of the tier hold again'),
  ).action(
    run(async (session, { id, ...flags }: TenantFlags & { id: string }) => {
      const rail = await session.rail();
      session.show(await rail.tenants.update(id, bodyOf(flags)), tenantCard);
    }),
  );
};

const addLists = (tenants: Command, run: Run): void => {
  paged(tenants.command('list').description('list tenants, oldest first')).action(
    run(async (session, flags: PageFlags) => {
      const rail = await session.rail();
      session.show(await pageOf(rail.tenants.list(pageQuery(flags)), 'tenants', flags), tenantList);
    }),
  );
  paged(tenants.command('keys <id>').description('list the keys of a tenant')).action(
    run(async (session, { id, ...flags }: PageFlags & { id: string }) => {
      const rail = await session.rail();
      session.show(await pageOf(rail.tenants.keys(id, pageQuery(flags)), 'keys', flags), keyList);
    }),
  );
};

const addOne = (tenants: Command, run: Run): void => {
  tenants
    .command('get <id>')
    .description('show one tenant and its limits')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.tenants.get(id), tenantCard);
      }),
    );
  tenants
    .command('remove <id>')
    .description('close a tenant for good: its keys end at once')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        await rail.tenants.remove(id);
        session.show({ id, removed: true }, doneLine('Removed'));
      }),
    );
};

export const tenants: CommandGroup = {
  heading: 'Manage:',
  add: (program, run) => {
    const group = program.command('tenants').description('closed spaces on a rail; for platform admins');
    for (const add of [addCreate, addLists, addOne, addChange]) add(group, run);
  },
};
