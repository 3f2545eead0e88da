import type { Command } from 'commander';
import { buildProgram } from './program.js';

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '\\<').replace(/\s+/g, ' ');

/** A command with its arguments, and those before it. */
const usageOf = (command: Command, path: string): string => {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [path, command.name(), ...words].filter((word) => word !== '').join(' ');
};

const flagsOf = ({ options }: Command): string =>
  options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, mandatory }) => `\`${flags}\`${mandatory ? ' (needed)' : ''}`)
    .join(', ')
    .replaceAll('|', '\\|');

const isShown = (command: Command): boolean => !command.name().startsWith('__');

const rowsOf = (command: Command, path: string): string[] => {
  const here = [path, command.name()].filter((word) => word !== '').join(' ');
  const inner = command.commands.filter(isShown).flatMap((one) => rowsOf(one, here));
  if (inner.length > 0) return inner;
  return [`| \`${usageOf(command, path)}\` | ${cell(command.description())} | ${flagsOf(command)} |`];
};

/** Every command with its flags, as Markdown for `docs/cli.md`. */
export const renderCommands = (): string => {
  const { stdin, stdout, stderr } = process;
  const program = buildProgram({ env: {}, stdin, stdout, stderr }, () => undefined);
  const groups = new Map<string, Command[]>();
  for (const command of program.commands.filter(isShown)) {
    const heading = command.helpGroup() || 'More:';
    groups.set(heading, [...(groups.get(heading) ?? []), command]);
  }
  return [...groups]
    .map(([heading, commands]) =>
      [
        `### ${heading.replace(/:$/, '')}`,
        '',
        '| command | what it does | flags |',
        '| --- | --- | --- |',
        ...commands.flatMap((command) => rowsOf(command, '')),
      ].join('\n'),
    )
    .join('\n\n');
};
