import { type Command, Option } from 'commander';
import type { CommandGroup } from '../command-group.js';
import { many, manyOf, moment, priority, type PriorityFlag } from '../parse.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { foundList } from '../show/found.js';
import { packetCard, packetList } from '../show/packets.js';
import { type Status, statuses } from '../statuses.js';

interface FilterFlags extends PageFlags {
  status?: Status[];
  priority?: PriorityFlag;
  sourceAgent?: string;
  targetAgent?: string;
  claimedBy?: string;
  tag?: string[];
  createdAfter?: string;
  createdBefore?: string;
  hitlRequired?: boolean;
  deadLetter?: boolean;
  overdue?: boolean;
  parent?: string;
  root?: string;
}

interface ListFlags extends FilterFlags {
  sort?: 'created_at' | 'updated_at' | 'priority' | 'deadline';
  order?: 'asc' | 'desc';
}

const filtered = (command: Command): Command =>
  paged(
    command
      .option('--status <status>', 'in any of these, divided by commas', manyOf(statuses))
      .option('--priority <priority>', 'a word, or 1 to 10', priority)
      .option('--source-agent <id>', 'handed over by this agent')
      .option('--target-agent <id>', 'handed to this agent')
      .option('--claimed-by <id>', 'held by this agent')
      .option('--tag <tag>', 'with all of these', many)
      .option('--created-after <instant>', 'an instant; also 2h for two hours from now', moment)
      .option('--created-before <instant>', 'an instant', moment)
      .option('--hitl-required', 'that were ever to wait for a person')
      .option('--dead-letter', 'failed with every attempt used up')
      .option('--overdue', 'live, and past their deadline')
      .option('--parent <id>', 'children of this packet')
      .option('--root <id>', 'of the chain that began with this packet'),
  );

const filterOf = (flags: FilterFlags) => ({
  ...pageQuery(flags),
  status: flags.status,
  priority: flags.priority,
  source_agent: flags.sourceAgent,
  target_agent: flags.targetAgent,
  claimed_by: flags.claimedBy,
  tags: flags.tag,
  created_after: flags.createdAfter,
  created_before: flags.createdBefore,
  hitl_required: flags.hitlRequired,
  dead_letter: flags.deadLetter,
  overdue: flags.overdue,
  parent_packet_id: flags.parent,
  root_id: flags.root,
});

export const looking: CommandGroup = {
  heading: 'Look:',
  add: (program, run) => {
    program
      .command('get <id>')
      .description('show one packet')
      .option('--expand', 'with the merged context of its chain')
      .action(
        run(async (session, { id, expand }: { id: string; expand?: boolean }) => {
          const rail = await session.rail();
          session.show(await rail.getPacket(id, expand ? { expand: 'ancestors' } : {}), packetCard);
        }),
      );

    filtered(program.command('list').description('list packets, newest first'))
      .addOption(
        new Option('--sort <field>', 'by what').choices(['created_at', 'updated_at', 'priority', 'deadline']),
      )
      .addOption(new Option('--order <order>', 'which way').choices(['asc', 'desc']))
      .action(
        run(async (session, flags: ListFlags) => {
          const rail = await session.rail();
          const filter = { ...filterOf(flags), sort: flags.sort, order: flags.order };
          session.show(await pageOf(rail.listPackets(filter), 'packets', flags), packetList);
        }),
      );

    filtered(program.command('search <words...>'))
      .description('find packets by the words in them, best first: "quotes", -minus and or')
      .action(
        run(async (session, flags: FilterFlags & { words: string[] }) => {
          const rail = await session.rail();
          const listing = rail.searchPackets(flags.words.join(' '), filterOf(flags));
          session.show(await pageOf(listing, 'packets', flags), foundList);
        }),
      );
  },
};
