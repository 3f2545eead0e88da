import type { Command } from 'commander';
import type { Run } from '../command-group.js';
import { many } from '../parse.js';
import { agentCard, routePlan } from '../show/agents.js';
import { capableList } from '../show/handoffs.js';
import { doneLine } from '../show/listing.js';
import { openStore, stored, type StoreFlags } from '../store.js';

interface RegisterFlags extends StoreFlags {
  agent: string;
  name?: string;
  capability?: string[];
}

interface RouteFlags extends StoreFlags {
  from: string;
  task: string;
  needs?: string[];
  prefer?: string[];
  exclude?: string[];
}

const registryIn = async (flags: StoreFlags) => {
  const [handoffs, { AgentCapabilityRegistry }] = await Promise.all([
    openStore(flags),
    import('#libs/sdk/local'),
  ]);
  return new AgentCapabilityRegistry(handoffs);
};

const addRegistry = (local: Command, run: Run): void => {
  stored(local.command('register <agent>'))
    .description('say what an agent can do; handoffs that waited for it go to it')
    .option('--name <name>', 'its name; the id when left out')
    .option('--capability <capability>', 'what it can do', many)
    .action(
      run(async (session, { agent: id, name, capability = [], ...flags }: RegisterFlags) => {
        const registry = await registryIn(flags);
        session.show(await registry.register({ id, name, capabilities: capability }), agentCard);
      }),
    );
  stored(local.command('unregister <agent>'))
    .description('take an agent out')
    .action(
      run(async (session, { agent: id, ...flags }: RegisterFlags) => {
        const { rail } = await registryIn(flags);
        await rail.agents.remove(id);
        session.show({ id, removed: true }, doneLine('Removed'));
      }),
    );
  stored(local.command('agents'))
    .description('list who is registered')
    .option('--capability <capability>', 'that can do all of this', many)
    .action(
      run(async (session, { capability = [], ...flags }: RegisterFlags) => {
        const registry = await registryIn(flags);
        session.show({ agents: await registry.findCapable(capability) }, capableList);
      }),
    );
};

/** Who can do what, and who would get something. */
export const addLocalAgents = (local: Command, run: Run): void => {
  addRegistry(local, run);
  stored(local.command('route'))
    .description('tell who would get such work, and why; nothing is created')
    .requiredOption('--from <agent>', 'who would hand over')
    .requiredOption('--task <text>', 'what would be to be done')
    .option('--needs <capability>', 'what whoever gets it must be able to do', many)
    .option('--prefer <agent>', 'agents that get it before all others', many)
    .option('--exclude <agent>', 'agents that never get it', many)
    .action(
      run(async (session, { store, ...work }: RouteFlags) => {
        const [handoffs, { HandoffRouter }] = await Promise.all([
          openStore({ store }),
          import('#libs/sdk/local'),
        ]);
        session.show(await new HandoffRouter(handoffs).route(work), routePlan);
      }),
    );
};
