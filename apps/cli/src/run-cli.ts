import { commandsOf } from './command-path.js';
import { buildProgram } from './program.js';
import { reportError } from './report-error.js';
import type { Shell } from './shell.js';
import { Output } from './show/output.js';

const outputOf = (shell: Shell, words: string[]): Output => {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return new Output(shell, {
    json: own.includes('--json'),
    quiet: false,
    color: !own.includes('--no-color'),
  });
};

/** Runs what was given at the prompt; answers with the exit code. */
export const runCli = async (words: string[], shell: Shell): Promise<number> => {
  let code = 0;
  const program = buildProgram(shell, (given) => (code = given));
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    const path = commandsOf(program, words).map((command) => command.name());
    return reportError(error, { output: outputOf(shell, words), help: `${path.join(' ')} --help` });
  }
};
