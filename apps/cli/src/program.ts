import { Command } from 'commander';
import { commandGroups } from './command-groups.js';
import type { Run } from './command-group.js';
import { Session } from './session.js';
import type { Shell } from './shell.js';
import { version } from './version.js';

const closing = `
Which rail, and as whom: flags, then HANDOFFRAIL_URL and HANDOFFRAIL_API_KEY, then the profile of
\`handoffrail login\`, then http://localhost:8080.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 rail not reached.`;

/** An action of commander that gives a handler its arguments and flags by their names. */
const runner =
  (shell: Shell, end: (code: number) => void): Run =>
  <Given>(handler: (session: Session, given: Given) => Promise<number | void>) =>
  async (...parts) => {
    const command = parts.at(-1) as Command;
    const named = command.registeredArguments.map((argument, at) => [
      argument.name(),
      command.processedArgs[at],
    ]);
    const given = { ...command.opts(), ...(Object.fromEntries(named) as object) } as Given;
    const session = new Session(shell, command);
    try {
      end((await handler(session, given)) ?? 0);
    } finally {
      session.output.progress('');
    }
  };

/** All commands. `end` hears the exit code of the one that ran; what it throws comes out of parsing. */
export const buildProgram = (shell: Shell, end: (code: number) => void): Command => {
  const program = new Command('handoffrail')
    .description('The rail that work travels on between AI agents, and between agents and people.')
    .version(version, '-V, --version', 'print the version')
    .option('--url <url>', 'where the rail is')
    .option('--api-key <key>', 'as whom')
    .option('--profile <name>', 'which rail of those logged in to')
    .option('--json', 'print JSON, for programs')
    .option('-q, --quiet', 'print ids only')
    .option('--no-color', 'print without colours, as with NO_COLOR')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      // What is wrong is told in one place, as everything else.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText('after', closing);
  const run = runner(shell, end);
  for (const { heading, add } of commandGroups) {
    program.commandsGroup(heading);
    add(program, run);
  }
  return program;
};
