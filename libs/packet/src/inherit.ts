import type { Inherit, InheritPart } from './commands.js';
import { maxTurns } from './content-check.js';
import type { Actions, JsonObject, PacketContent, Turn } from './document.js';
import type { PacketId } from './ids.js';
import { byteLength, jsonBytes } from './text.js';

/** A packet that others take content over from. */
export interface Ancestor {
  id: PacketId;
  content: PacketContent;
}

interface Takeover {
  inherit: Inherit;
  /** The most that the child's content may hold, in bytes of JSON. */
  max_bytes: number;
}

const parts: InheritPart[] = [
  'conversation',
  'decisions',
  'pending_actions',
  'dependencies',
  'artifacts',
  'custom',
];

const partsOf = (inherit: Inherit): Set<InheritPart> => {
  if (inherit === 'none') return new Set();
  return new Set(inherit === 'all' ? parts : inherit);
};

/** The items, each marked with the packet that it first came from. */
export const marked = <T extends { inherited_from?: PacketId }>(items: T[], from: PacketId): T[] =>
  items.map((item) => (item.inherited_from === undefined ? { ...item, inherited_from: from } : item));

/** The parent's items, then the child's; of two with one key the child's stays. */
const inherited = <T extends { inherited_from?: PacketId }>(
  own: T[],
  from: T[],
  { id, keyOf }: { id: PacketId; keyOf: (item: T) => string },
): T[] => {
  const taken = new Set(own.map(keyOf));
  return [...marked(from, id).filter((item) => !taken.has(keyOf(item))), ...own];
};

const idOf = (item: { id: string }): string => item.id;

/** What an inherited action waits for is named only as far as it came along. */
const withoutDangling = (actions: Actions): Actions => {
  const known = new Set([...actions.pending, ...actions.completed, ...actions.failed].map(idOf));
  const pending = actions.pending.map((action) =>
    action.inherited_from !== undefined && action.depends_on?.some((id) => !known.has(id))
      ? { ...action, depends_on: action.depends_on.filter((id) => known.has(id)) }
      : action,
  );
  return { ...actions, pending };
};

const inheritedActions = (own: Actions, { id, content }: Ancestor): Actions => {
  const elsewhere = new Set([...own.completed, ...own.failed].map(idOf));
  const from = content.actions.pending.filter((action) => !elsewhere.has(action.id));
  return withoutDangling({ ...own, pending: inherited(own.pending, from, { id, keyOf: idOf }) });
};

/** Everything but the conversation, which takes the room that is left. */
const withoutTurns = (own: PacketContent, parent: Ancestor, taken: Set<InheritPart>): PacketContent => {
  const { id, content } = parent;
  const { context } = own;
  return {
    metadata: own.metadata,
    context: {
      ...context,
      artifacts: taken.has('artifacts')
        ? inherited(context.artifacts, content.context.artifacts, { id, keyOf: ({ key }) => key })
        : context.artifacts,
      custom: taken.has('custom')
        ? { ...customOf(content.context.custom), ...context.custom }
        : context.custom,
    },
    decisions: taken.has('decisions')
      ? inherited(own.decisions, content.decisions, { id, keyOf: idOf })
      : own.decisions,
    actions: taken.has('pending_actions') ? inheritedActions(own.actions, parent) : own.actions,
    dependencies: taken.has('dependencies')
      ? inherited(own.dependencies, content.dependencies, { id, keyOf: idOf })
      : own.dependencies,
  };
};

/** Room for `"inherited":{"packet_id":"<uuid>","turns":<n>},` in `custom`. */
const referenceBytes = 90;

/** How many of these turns must be left out, oldest first, so that the rest takes at most `room` bytes. */
const surplus = (turns: Turn[], room: number): number => {
  let left = room;
  for (let i = turns.length - 1; i >= 0; i--) {
    left -= byteLength(JSON.stringify(turns[i])) + 1;
    if (left < 0) return i + 1;
  }
  return 0;
};

/** Where turns that were folded away can be read: in that packet and above. */
type Reference = { packet_id: PacketId; turns: number };

const referenceOf = ({ inherited: value }: JsonObject): Reference | undefined => {
  const isReference =
    typeof value === 'object' &&
    value !== null &&
    'packet_id' in value &&
    'turns' in value &&
    typeof value.turns === 'number';
  return isReference ? (value as Reference) : undefined;
};

/** The parent's free JSON, without the reference, which goes with the conversation. */
export const customOf = (custom: JsonObject): JsonObject => {
  if (referenceOf(custom) === undefined) return custom;
  const { inherited: _reference, ...rest } = custom;
  return rest;
};

const referenceAfter = (folded: number, parent: Ancestor): Reference | undefined => {
  const before = referenceOf(parent.content.context.custom);
  return folded === 0 ? before : { packet_id: parent.id, turns: folded + (before?.turns ?? 0) };
};

const withConversation = (content: PacketContent, parent: Ancestor, max_bytes: number): PacketContent => {
  const own = content.context.conversation_state;
  const turns = marked(parent.content.context.conversation_state, parent.id);
  const room = max_bytes - jsonBytes(content);
  // The reference takes room only where there is one.
  const tooLong = surplus(turns, room) === 0 ? 0 : surplus(turns, room - referenceBytes);
  const folded = Math.max(tooLong, turns.length + own.length - maxTurns, 0);
  const reference = referenceAfter(folded, parent);
  const { custom } = content.context;
  const context = {
    ...content.context,
    conversation_state: [...turns.slice(folded), ...own],
    custom: reference === undefined ? custom : { ...custom, inherited: reference },
  };
  return { ...content, context };
};

/**
 * The content of a child: what it takes over from its parent comes first and keeps its ids; the child's own
 * item with the same id or key wins. Where the document would not fit, the oldest inherited turns are folded
 * into `context.custom.inherited`; their text stays readable in the packet that it names and above.
 */
export const inheritContent = (child: PacketContent, parent: Ancestor, takeover: Takeover): PacketContent => {
  const taken = partsOf(takeover.inherit);
  if (taken.size === 0) return child;
  const content = withoutTurns(child, parent, taken);
  return taken.has('conversation') ? withConversation(content, parent, takeover.max_bytes) : content;
};
