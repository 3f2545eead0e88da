import type { PacketCommandType } from './commands.js';
import type { PacketStatus } from './document.js';
import type { PacketEventType } from './events.js';
import { allowed, eventsOf, statusAfter, terminal } from './lifecycle.js';
import type { Packet } from './state.js';

type Status = Packet['status'];

const statuses = Object.keys(allowed) as Status[];
const commands = Object.keys(eventsOf) as PacketCommandType[];

const fromOf = (command: PacketCommandType): Status[] =>
  statuses.filter((status) => (allowed[status] as readonly string[]).includes(command));

const after = (event: PacketEventType, from: readonly Status[]): Status[] =>
  statusAfter[event].flatMap((to: PacketStatus | 'same') => (to === 'same' ? from : [to]));

/** Where a command can leave a packet that is in this status: after its first event, or after those that may follow. */
const toOf = (command: PacketCommandType, from: Status): Status[] => {
  const [first, ...more]: readonly PacketEventType[] = eventsOf[command];
  const reached = new Set<Status>(first === undefined ? [] : after(first, [from]));
  for (const event of more) for (const status of after(event, [...reached])) reached.add(status);
  return [...reached];
};

const arrow = (from: Status, to: Status, names: string[]): string =>
  `    ${from === 'absent' ? '[*]' : from} --> ${to}: ${names.join(', ')}`;

/** One arrow for each pair of statuses, with all the commands that lead along it. */
const arrowsFrom = (from: Status): string[] =>
  statuses.flatMap((to) => {
    const names = commands.filter(
      (command) => fromOf(command).includes(from) && toOf(command, from).includes(to),
    );
    return to === from || names.length === 0 ? [] : [arrow(from, to, names)];
  });

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

const row = (command: PacketCommandType): string => {
  const from = fromOf(command);
  const to = [...new Set(from.flatMap((status) => toOf(command, status)))];
  const same = to.length === from.length && to.every((status) => from.includes(status));
  return `| ${command} | ${code(from)} | ${code(eventsOf[command])} | ${same ? 'as it was' : code(to)} |`;
};

/** The lifecycle's page of the docs, in Markdown: a state diagram and the table of commands. */
export const renderLifecycle = (): string =>
  [
    '# Lifecycle of a packet',
    '',
    'Made from the tables in `libs/packet/src/lifecycle.ts`; change those, not this page.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...statuses.flatMap(arrowsFrom),
    '```',
    '',
    `Terminal: ${code(terminal)}. Only \`retry\` leads out of some of them.`,
    '',
    '| command | from | events | to |',
    '|---|---|---|---|',
    ...commands.map(row),
    '',
  ].join('\n');
