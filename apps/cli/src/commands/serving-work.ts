import type { Command } from 'commander';
import type { PacketDocument, Worker } from '#libs/sdk';
import type { CommandGroup } from '../command-group.js';
import { integer, many, seconds } from '../parse.js';
import type { Session } from '../session.js';
import { UsageError } from '../shell.js';
import { workLine } from '../show/work.js';
import { CommandFailed, type WorkPlan, workWithCommand } from '../work/work-with-command.js';

interface WorkFlags {
  command: string[];
  agentId: string;
  agentName?: string;
  framework?: string;
  capability?: string[];
  tag?: string[];
  concurrency: number;
  lease: number;
  grace: number;
  finalCode: string[];
}

const codesIn = (texts: string[]): number[] => texts.map(integer(1, 255));

/** What the commands are told beside their packet, so that they may call this program, too. */
const environmentOf = async (session: Session): Promise<WorkPlan['env']> => {
  const { baseUrl, apiKey } = await session.settings();
  return { ...session.shell.env, HANDOFFRAIL_URL: baseUrl, HANDOFFRAIL_API_KEY: apiKey };
};

/** Until it is told to stop, or cannot go on. @throws why */
const untilStopped = async (worker: Worker, session: Session, graceMs: number): Promise<void> => {
  const stopped = new Promise<void>((resolve) =>
    session.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([worker.done, stopped]);
  session.output.note(`Stopping; ${worker.active} under way.`);
  await worker.stop({ graceMs });
};

const work = async (session: Session, flags: WorkFlags): Promise<void> => {
  const { output, shell } = session;
  const [command, ...args] = flags.command;
  if (command === undefined) throw new UsageError('Which command? handoffrail work --agent-id ID -- COMMAND');
  const rail = await session.rail();
  const { TerminalError } = await import('#libs/sdk');
  let broken: Error | undefined;
  const plan: WorkPlan = {
    words: [command, ...args],
    env: await environmentOf(session),
    finalCodes: codesIn(flags.finalCode),
    onReport: (report) => output.tell(report, workLine),
    onNote: (text) => void shell.stderr.write(text),
    onBroken: (error) => {
      broken = new UsageError(`${command} cannot be run: ${error.message}`);
      void worker.stop({ graceMs: 0 });
    },
  };
  const onError = (error: unknown, packet?: PacketDocument) => {
    if (error instanceof CommandFailed || error instanceof TerminalError) return;
    output.note(`${packet ? `${packet.id}: ` : ''}${error instanceof Error ? error.message : String(error)}`);
  };
  const { agentId, agentName, framework, capability, tag, concurrency, lease: leaseSeconds } = flags;
  const options = {
    agentId,
    agentName,
    framework,
    capabilities: capability,
    tags: tag,
    concurrency,
    leaseSeconds,
  };
  const worker = rail.worker({ ...options, onError }, workWithCommand(plan, TerminalError));
  output.note(`Waiting for work as ${agentId}; Ctrl-C stops.`);
  await untilStopped(worker, session, flags.grace * 1_000);
  if (broken) throw broken;
};

const described = (program: Command): Command =>
  program
    .command('work')
    .usage('[options] -- COMMAND [ARG...]')
    .summary('run a command for each packet')
    .description(
      'run a command for each packet: the packet in JSON on its stdin, the result from its stdout; ended with 0 ' +
        'it completes the packet, with anything else it fails it',
    )
    .argument('<command...>', 'what to run')
    .requiredOption('--agent-id <id>', 'as which agent')
    .option('--agent-name <name>', 'its name; the id when left out')
    .option('--framework <name>', 'what it runs on')
    .option('--capability <capability>', 'what it can do, beside what its registration says', many)
    .option('--tag <tag>', 'only packets with all of these', many)
    .option('--concurrency <n>', 'packets at once', integer(1, 50), 1)
    .option(
      '--lease <span>',
      'a packet goes to another when this worker is not heard of so long',
      seconds,
      60,
    )
    .option('--grace <span>', 'how long commands may go on when it stops', seconds, 30)
    .option(
      '--final-code <code>',
      'exit codes that fail a packet for good; others are tried again',
      many,
      [],
    );

/** Makes any program a worker. */
export const servingWork: CommandGroup = {
  heading: 'Work:',
  add: (program, run) => {
    described(program).action(run(work));
  },
};
