import type { Command, Option } from 'commander';
import { commandsOf } from './command-path.js';

const visible = (command: Command): Command[] =>
  command.commands.filter((inner) => !inner.name().startsWith('__'));

/** Commands inside of it, or else what its first argument may be. */
const namesIn = (command: Command): readonly string[] =>
  command.commands.length > 0
    ? visible(command).map((inner) => inner.name())
    : (command.registeredArguments[0]?.argChoices ?? []);

const optionsOf = (path: readonly Command[]): Option[] => path.flatMap(({ options }) => options);

const longNames = (path: readonly Command[]): string[] => [
  ...optionsOf(path).map(({ long, short }) => long ?? short ?? ''),
  '--help',
];

/** The option whose value comes after the word. */
const awaited = (path: readonly Command[], word = ''): Option | undefined =>
  optionsOf(path).find(({ long, short, required }) => required && (word === long || word === short));

/**
 * What may come next.
 * @param words after the program's name; the last one is not finished, or empty
 */
export const wordsToComplete = (program: Command, words: readonly string[]): string[] => {
  const before = words.slice(0, -1);
  const begun = words.at(-1) ?? '';
  if (before.includes('--')) return [];
  const path = commandsOf(program, before);
  const option = awaited(path, before.at(-1));
  if (option) return (option.argChoices ?? []).filter((word) => word.startsWith(begun));
  const names = begun.startsWith('-') ? longNames(path) : namesIn(path.at(-1) ?? program);
  return names.filter((name) => name.startsWith(begun));
};
