import type { AgentDocument } from '#libs/sdk';
import type { Handoff, Imported, LocalExport } from '#libs/sdk/local';
import { cardText } from './listing.js';
import { ageOf, momentOf } from './moments.js';
import type { Paint } from './paint.js';
import type { Look, Shape } from './shape.js';
import { table } from './table.js';

const styles: Record<string, keyof Paint> = {
  pending: 'blue',
  accepted: 'cyan',
  in_progress: 'cyan',
  completed: 'green',
  rejected: 'red',
  failed: 'red',
};

const paintStatus = (text: string, paint: Paint): string => {
  const style = styles[text.trim()];
  return style === undefined ? text : paint[style](text);
};

const jsonOf = (value: unknown): string => JSON.stringify(value, null, 2);

/** One handoff. */
export const handoffCard: Shape<Handoff> = {
  text: (handoff, look) => {
    return cardText(
      handoff.id,
      [
        ['status', handoff.status, (text) => paintStatus(text, look.paint)],
        ['task', handoff.task],
        ['from', handoff.from],
        ['to', handoff.to ?? 'nobody yet'],
        ['priority', handoff.priority],
        ['deadline', handoff.deadline && momentOf(handoff.deadline)],
        ['context', Object.keys(handoff.context).length > 0 ? jsonOf(handoff.context) : null],
        ['accepted by', handoff.acceptedBy],
        ['reason', handoff.reason],
        ['result', handoff.result === null ? null : jsonOf(handoff.result)],
        ['created', momentOf(handoff.createdAt)],
      ],
      look,
    );
  },
  ids: ({ id }) => [id],
};

const columnsOf = ({ now }: Look) => [
  { title: 'ID', value: ({ id }: Handoff) => id },
  { title: 'STATUS', value: ({ status }: Handoff) => status, paint: paintStatus },
  { title: 'PRIORITY', value: ({ priority }: Handoff) => priority },
  { title: 'FROM', value: ({ from }: Handoff) => from },
  { title: 'TO', value: ({ to }: Handoff) => to ?? '-' },
  { title: 'AGE', value: ({ createdAt }: Handoff) => ageOf(createdAt, now) },
  { title: 'TASK', value: ({ task }: Handoff) => task, flexible: true },
];

/** Handoffs, a line each. */
export const handoffList: Shape<{ handoffs: Handoff[] }> = {
  text: ({ handoffs }, look) =>
    handoffs.length === 0 ? look.paint.dim('No handoffs.') : table(columnsOf(look), handoffs, look),
  ids: ({ handoffs }) => handoffs.map(({ id }) => id),
};

const agentColumns = [
  { title: 'ID', value: ({ id }: AgentDocument) => id },
  { title: 'NAME', value: ({ name }: AgentDocument) => name },
  {
    title: 'CAPABILITIES',
    value: ({ capabilities }: AgentDocument) => capabilities.join(', '),
    flexible: true,
  },
];

/** Who is registered, a line each. */
export const capableList: Shape<{ agents: AgentDocument[] }> = {
  text: ({ agents }, look) =>
    agents.length === 0 ? look.paint.dim('No agents.') : table(agentColumns, agents, look),
  ids: ({ agents }) => agents.map(({ id }) => id),
};

/** Everything in a store: for programs, so it is JSON in any case. */
export const storeText: Shape<LocalExport> = { text: (whole) => JSON.stringify(whole) };

/** What came into a store. */
export const takenOver: Shape<Imported> = {
  text: ({ imported, skipped }) => `${imported} imported, ${skipped} were there already.`,
};
