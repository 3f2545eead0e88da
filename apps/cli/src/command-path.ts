import type { Command } from 'commander';

/** The commands that the words name, from the program on. */
export const commandsOf = (program: Command, words: readonly string[]): [Command, ...Command[]] => {
  const path: [Command, ...Command[]] = [program];
  for (const word of words) {
    const deepest = path.at(-1) ?? program;
    const next = deepest.commands.find((command) => command.name() === word);
    if (next) path.push(next);
  }
  return path;
};
