import type { Actions, PacketContent } from './document.js';
import type { PacketId } from './ids.js';
import { customOf, marked } from './inherit.js';
import type { Ancestor } from './inherit.js';

const idOf = (item: { id: string }): string => item.id;

/** What is a packet's own, marked with the packet unless that is the one that asks. */
const ownOf = <T extends { inherited_from?: PacketId }>(items: T[], id: PacketId | undefined): T[] => {
  const own = items.filter((item) => item.inherited_from === undefined);
  return id === undefined ? own : marked(own, id);
};

/** Later packets' items take the place of earlier ones with the same key. */
const layered = <T>(layers: T[][], keyOf: (item: T) => string): T[] => [
  ...new Map(layers.flat().map((item) => [keyOf(item), item])).values(),
];

const mergedActions = (chain: Ancestor[], last: Ancestor): Actions => {
  const pick = <L extends keyof Actions>(list: L): Actions[L][number][][] =>
    chain.map(({ id, content }) =>
      ownOf<Actions[L][number]>(content.actions[list], id === last.id ? undefined : id),
    );
  const completed = layered(pick('completed'), idOf);
  const failed = layered(pick('failed'), idOf);
  const done = new Set([...completed, ...failed].map(idOf));
  const pending = layered(pick('pending'), idOf).filter(({ id }) => !done.has(id));
  return { pending, completed, failed };
};

/**
 * The content of a whole chain, root first, as the last packet of it would see it had nothing been folded
 * away: every turn once, and of items with one id or key the latest.
 */
export const mergeAncestors = (chain: Ancestor[]): PacketContent | null => {
  const last = chain.at(-1);
  if (last === undefined) return null;
  const mark = (id: PacketId): PacketId | undefined => (id === last.id ? undefined : id);
  const contexts = chain.map(({ id, content }) => ({ id: mark(id), context: content.context }));
  const customs = contexts.map(({ context }) => context.custom);
  return {
    metadata: last.content.metadata,
    context: {
      summary: last.content.context.summary,
      conversation_state: contexts.flatMap(({ id, context }) => ownOf(context.conversation_state, id)),
      artifacts: layered(
        contexts.map(({ id, context }) => ownOf(context.artifacts, id)),
        ({ key }) => key,
      ),
      custom: Object.fromEntries(customs.flatMap((custom) => Object.entries(customOf(custom)))),
    },
    decisions: layered(
      chain.map(({ id, content }) => ownOf(content.decisions, mark(id))),
      idOf,
    ),
    actions: mergedActions(chain, last),
    dependencies: layered(
      chain.map(({ id, content }) => ownOf(content.dependencies, mark(id))),
      idOf,
    ),
  };
};
