import { type Command, InvalidArgumentError } from 'commander';
import type { ChangeHookBody, HookFilterBody } from '#libs/sdk';
import { integer, many, priority, type PriorityFlag } from './parse.js';

/** What a webhook asks for, and how it is called, as flags. */
export interface HookFlags {
  event?: string[];
  sourceAgent?: string;
  targetAgent?: string;
  tag?: string[];
  priority?: PriorityFlag;
  rate?: number;
  header?: Record<string, string>;
  description?: string;
}

const header = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Such as "X-Token: 4711".');
  return { ...before, [name]: value };
};

/** Lets a command take them. */
export const byHook = (command: Command): Command =>
  command
    .option('--event <type>', 'types of events, packet.*, or *; everything when never said', many)
    .option('--source-agent <id>', 'only what this agent hands over')
    .option('--target-agent <id>', 'only what is handed to this agent')
    .option('--tag <tag>', 'only with all of these', many)
    .option('--priority <priority>', 'only this: a word, or 1 to 10', priority)
    .option('--rate <n>', 'requests per second, at most', integer(1))
    .option('--header <name: value>', 'a header of your own', header)
    .option('--description <text>', 'what it is for');

const filterOf = ({
  sourceAgent,
  targetAgent,
  tag,
  priority: level,
}: HookFlags): HookFilterBody | undefined => {
  const filter = { source_agent: sourceAgent, target_agent: targetAgent, tags: tag, priority: level };
  return Object.values(filter).some((part) => part !== undefined) ? filter : undefined;
};

/** What they say, as the SDK takes it. */
export const hookOf = (flags: HookFlags) => ({
  events: flags.event as ChangeHookBody['events'],
  filter: filterOf(flags),
  ratePerSecond: flags.rate,
  headers: flags.header,
  description: flags.description,
});
