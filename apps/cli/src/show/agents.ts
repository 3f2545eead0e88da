import type {
  AgentDocument,
  AgentListDocument,
  EdgeBody,
  EdgesDocument,
  RoutePreviewDocument,
} from '#libs/sdk';
import { cardText, listShape } from './listing.js';
import { ageOf, momentOf } from './moments.js';
import type { Paint } from './paint.js';
import { oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';
import { table } from './table.js';

const presenceOf = ({ present, seen_at }: AgentDocument, { now }: Look): string => {
  if (present) return 'present';
  return seen_at === null ? 'absent' : `seen ${ageOf(seen_at, now)} ago`;
};

const paintPresence = (text: string, paint: Paint): string =>
  text.trim() === 'present' ? paint.green(text) : paint.dim(text);

/** Agents, a line each. */
export const agentList: Shape<AgentListDocument> = listShape({
  rows: ({ agents }: AgentListDocument) => agents,
  columns: (look) => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'NAME', value: ({ name }) => name },
    { title: 'PRESENCE', value: (agent) => presenceOf(agent, look), paint: paintPresence },
    { title: 'CAPABILITIES', value: ({ capabilities }) => capabilities.join(', '), flexible: true },
  ],
  none: 'No agents.',
  id: ({ id }) => id,
});

/** One agent. */
export const agentCard: Shape<AgentDocument> = {
  text: (agent, look) =>
    cardText(
      agent.id,
      [
        ['name', agent.name],
        ['presence', presenceOf(agent, look)],
        ['capabilities', agent.capabilities.join(', ')],
        ['framework', agent.framework],
        ['description', agent.description],
        ['holds at most', agent.max_concurrency],
        ['metadata', agent.metadata && JSON.stringify(agent.metadata, null, 2)],
        ['registered', momentOf(agent.created_at)],
      ],
      look,
    ),
  ids: ({ id }) => [id],
};

const scoreOf = (score: number): string => score.toFixed(2);

/** Who would get a packet, and why. */
export const routePlan: Shape<RoutePreviewDocument> = {
  text: ({ target, candidates, strategy, confidence, reason }, look) => {
    const { paint } = look;
    const sure = typeof confidence === 'number' ? `, confidence ${scoreOf(confidence)}` : '';
    const head = target
      ? `${paint.bold(oneLine(target.id))} gets it (${oneLine(strategy ?? 'named')}${sure})`
      : `Nobody gets it: ${oneLine(reason ?? 'no agent suits it')}`;
    if (!candidates?.length) return head;
    const columns = [
      { title: 'AGENT', value: ({ id }: { id: string }) => id },
      { title: 'SCORE', value: ({ score }: { score: number }) => scoreOf(score) },
      { title: 'WHY', value: ({ why }: { why: string }) => why, flexible: true },
    ];
    return [head, '', table(columns, candidates, look)].join('\n');
  },
  ids: ({ target }) => (target ? [target.id] : []),
};

const edgeColumns = [
  { title: 'FROM', value: ({ from }: EdgeBody) => from },
  { title: 'TO', value: ({ to }: EdgeBody) => to },
];

/** Who may hand to whom. */
export const edgeList: Shape<EdgesDocument> = {
  text: ({ edges }, look) => {
    if (edges === null) return 'Every handoff is allowed.';
    return edges.length === 0 ? 'No handoff is allowed.' : table(edgeColumns, edges, look);
  },
};
