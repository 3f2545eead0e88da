import { type Command, Option } from 'commander';
import type { EdgeBody } from '#libs/sdk';
import type { CommandGroup, Run } from '../command-group.js';
import { readObject } from '../object-flag.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { integer, many } from '../parse.js';
import { UsageError } from '../shell.js';
import { agentCard, agentList, edgeList, routePlan } from '../show/agents.js';
import { doneLine } from '../show/listing.js';

interface RegisterFlags {
  id: string;
  name?: string;
  capability?: string[];
  framework?: string;
  maxConcurrency?: number;
  description?: string;
  metadata?: string;
}

interface ListFlags extends PageFlags {
  capability?: string[];
  present?: boolean;
  absent?: boolean;
}

interface RouteFlags {
  sourceId: string;
  summary: string;
  targetId?: string;
  needs?: string[];
  prefer?: string[];
  exclude?: string[];
}

const addRegister = (agents: Command, run: Run): void => {
  agents
    .command('register <id>')
    .description('say what an agent can do; again, to change it')
    .option('--name <name>', 'its name; the id when left out')
    .option('--capability <capability>', 'what it can do', many)
    .option('--framework <name>', 'what it runs on')
    .option('--max-concurrency <n>', 'packets that it holds at once, at most', integer(1))
    .option('--description <text>', 'what it is for')
    .option('--metadata <json>', 'JSON of your own: an object, @file or -')
    .action(
      run(async (session, { id, name, capability, metadata, ...said }: RegisterFlags) => {
        const own = await readObject(metadata, session.shell.stdin, '--metadata');
        const rail = await session.rail();
        const body = { name: name ?? id, capabilities: capability, metadata: own, ...said };
        session.show(await rail.agents.register(id, body), agentCard);
      }),
    );
};

const addList = (agents: Command, run: Run): void => {
  paged(agents.command('list').description('list agents, by id'))
    .option('--capability <capability>', 'that can do all of this', many)
    .option('--present', 'that were heard of lately')
    .addOption(new Option('--absent', 'that were not').conflicts('present'))
    .action(
      run(async (session, flags: ListFlags) => {
        const rail = await session.rail();
        const present = flags.absent ? false : flags.present;
        const query = { ...pageQuery(flags), capability: flags.capability, present };
        session.show(await pageOf(rail.agents.list(query), 'agents', flags), agentList);
      }),
    );
};

const addOne = (agents: Command, run: Run): void => {
  agents
    .command('get <id>')
    .description('show one agent')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.agents.get(id), agentCard);
      }),
    );
  agents
    .command('remove <id>')
    .description('take an agent out; what it holds stays with it')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        await rail.agents.remove(id);
        session.show({ id, removed: true }, doneLine('Removed'));
      }),
    );
};

const addRoute = (agents: Command, run: Run): void => {
  agents
    .command('route')
    .description('tell who would get a packet, and why; nothing is created')
    .requiredOption('--source-id <id>', 'the agent that would hand over')
    .requiredOption('--summary <text>', 'what it would be about')
    .option('--target-id <id>', 'the agent that would be named')
    .option('--needs <capability>', 'what whoever gets it must be able to do', many)
    .option('--prefer <id>', 'agents that get it before all others', many)
    .option('--exclude <id>', 'agents that never get it', many)
    .action(
      run(async (session, flags: RouteFlags) => {
        const { sourceId, targetId, summary, needs: capabilities, prefer, exclude } = flags;
        const target = targetId === undefined ? {} : { target_agent: { id: targetId, name: targetId } };
        const rail = await session.rail();
        const plan = await rail.routing.preview({
          metadata: { source_agent: { id: sourceId, name: sourceId }, ...target },
          context: { summary },
          ...(targetId === undefined && { routing: { capabilities, prefer, exclude } }),
        });
        session.show(plan, routePlan);
      }),
    );
};

interface EdgesFlags {
  allow?: string[];
  lift?: boolean;
}

const edgeOf = (text: string): EdgeBody => {
  const [, from, to] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from, to };
  throw new UsageError(`"${text}" is no edge.`, 'Such as sales-01:billing-01, or *:billing-01 for anybody.');
};

const addEdges = (agents: Command, run: Run): void => {
  agents
    .command('edges')
    .description('show who may hand to whom, or set it anew; for admins')
    .option('--allow <from:to>', 'only these handoffs; * for anybody', many)
    .addOption(new Option('--lift', 'allow all handoffs again').conflicts('allow'))
    .action(
      run(async (session, { allow, lift }: EdgesFlags) => {
        const edges = lift ? null : allow?.map(edgeOf);
        const rail = await session.rail();
        const known = edges === undefined ? rail.routing.edges() : rail.routing.setEdges({ edges });
        session.show(await known, edgeList);
      }),
    );
};

export const agents: CommandGroup = {
  heading: 'Manage:',
  add: (program, run) => {
    const group = program.command('agents').description('who can do what, and who is there');
    for (const add of [addRegister, addList, addOne, addRoute, addEdges]) add(group, run);
  },
};
