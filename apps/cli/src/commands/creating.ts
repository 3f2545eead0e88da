import { type Command, Option } from 'commander';
import { byClaimant, type ClaimantFlags, claimantOf } from '../claimant.js';
import type { CommandGroup } from '../command-group.js';
import { newPacketOf, type NewPacketFlags } from '../new-packet.js';
import { integer, many, manyOf, moment, priority, seconds } from '../parse.js';
import { packetCard } from '../show/packets.js';

/** The flags that say what a packet holds. */
const described = (command: Command): Command =>
  command
    .option('--source-id <id>', 'the agent that hands over')
    .option('--source-name <name>', 'its name; the id when left out')
    .option('--target-id <id>', 'the agent that gets it; `human` for people')
    .option('--target-name <name>', 'its name; the id when left out')
    .option('--summary <text>', 'what the receiver must know: text, @file, or - for standard input')
    .option('--priority <priority>', 'low, normal, high, critical, or 1 to 10', priority)
    .option('--tag <tag>', 'a tag; may be given again', many)
    .option('--reason <text>', 'why it is handed off')
    .option('--conversation <source>', 'what was said so far: JSON, @file or -')
    .option('--custom <json>', 'JSON of your own: an object, @file or -')
    .option('--file <file>', 'the packet in JSON or YAML, - for standard input; flags come before it')
    .option('--needs <capability>', 'let the rail look for an agent that can do this', many)
    .option('--hitl <question>', 'let a person decide first')
    .option('--hitl-reason <text>', 'why a person must decide; the question when left out')
    .option('--deadline <instant>', 'when it should be done: an instant, or 2h from now', moment)
    .option('--ttl <span>', 'when it expires: seconds, or 30m, 2h, 3d', seconds)
    .addOption(new Option('--claim-policy <policy>', 'who may claim it').choices(['target', 'open']))
    .option('--max-attempts <n>', 'claims before it is a dead letter', integer(1))
    .option('--schema <id>', 'the registered schema of its context')
    .option('--idempotency-key <key>', 'repeated under the same key it takes effect once');

const parts = [
  'conversation',
  'decisions',
  'pending_actions',
  'dependencies',
  'artifacts',
  'custom',
] as const;
type Part = (typeof parts)[number];

interface ChainFlags extends NewPacketFlags, ClaimantFlags {
  inherit?: ('all' | 'none' | Part)[];
}

interface EndFlags {
  id: string;
  reason?: string;
  agentId?: string;
}

/** One word stands for itself; parts are a list. */
const inheritOf = (given: ChainFlags['inherit']): 'all' | 'none' | Part[] | undefined => {
  if (given?.includes('all')) return 'all';
  if (given?.includes('none')) return 'none';
  return given as Part[] | undefined;
};

const endCommand = (program: Command, name: string, description: string): Command =>
  program
    .command(`${name} <id>`)
    .description(description)
    .option('--reason <text>', 'why')
    .option('--agent-id <id>', 'as which agent');

export const creating: CommandGroup = {
  heading: 'Hand over:',
  add: (program, run) => {
    described(program.command('create'))
      .description('hand work over')
      .action(
        run(async (session, flags: NewPacketFlags) => {
          const packet = await newPacketOf(flags, session.shell.stdin);
          const rail = await session.rail();
          const { idempotencyKey } = flags;
          session.show(await rail.createPacket(packet, { idempotencyKey }), packetCard);
        }),
      );

    byClaimant(described(program.command('chain <id>')))
      .description('hand work on: a child that takes over what its parent carries')
      .option(
        '--inherit <part>',
        `all, none, or some of ${parts.join(', ')}`,
        manyOf(['all', 'none', ...parts]),
      )
      .action(
        run(async (session, flags: ChainFlags) => {
          const { agentId, claimId } = claimantOf(flags, session);
          const parent = { id: flags.id, claim: claimId === undefined ? null : { claim_id: claimId } };
          const packet = await newPacketOf(flags, session.shell.stdin);
          const inherit = inheritOf(flags.inherit);
          const child =
            'sourceAgent' in packet
              ? { ...packet, inherit, agentId }
              : { ...packet, inherit, agent_id: agentId };
          const rail = await session.rail();
          const { idempotencyKey } = flags;
          session.show(await rail.chainPacket(parent, child, { idempotencyKey }), packetCard);
        }),
      );

    endCommand(program, 'cancel', 'end a packet: it is not to be done any more').action(
      run(async (session, { id, ...body }: EndFlags) => {
        const rail = await session.rail();
        session.show(await rail.cancelPacket(id, body), packetCard);
      }),
    );

    endCommand(program, 'retry', 'offer a failed, rejected or expired packet again').action(
      run(async (session, { id, ...body }: EndFlags) => {
        const rail = await session.rail();
        session.show(await rail.retryPacket(id, body), packetCard);
      }),
    );
  },
};
