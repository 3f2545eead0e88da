import type { ExistingPacket, PacketDocument } from '#libs/packet';
import type { LocalCall } from './call.js';
import { packetOf, type StoredPacket } from './contents.js';
import { filterOf, type Test } from './filter.js';
import { pageFields, pageOf } from './page.js';
import { invalid } from './refusal.js';
import { documentOf, type Turn } from './turn.js';

type SortKey = (packet: ExistingPacket) => string | number;

/** After every instant there is: what has no deadline comes last of those that come first. */
const never = '~';

const sortKeys: Record<string, SortKey> = {
  created_at: ({ created_at }) => created_at,
  updated_at: ({ updated_at }) => updated_at,
  priority: ({ content }) => content.metadata.priority_level,
  deadline: ({ content }) => content.metadata.deadline ?? never,
};

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : Number(a > b));

const choiceOf = <T>(query: URLSearchParams, field: string, choices: Record<string, T>): T | undefined => {
  const text = query.get(field);
  if (text === null || Object.hasOwn(choices, text)) return choices[text ?? ''];
  const message = `Send one of ${Object.keys(choices).join(', ')}.`;
  throw invalid([{ field, code: 'not_one_of', message }]);
};

interface Entry {
  /** Its number among all, in the order in which they were made. */
  place: number;
  stored: StoredPacket;
  packet: ExistingPacket;
}

const entriesOf = ({ draft }: Turn, test: Test): Entry[] =>
  [...draft.allPackets()]
    .map((stored, place) => ({ place, stored, packet: packetOf(stored) }))
    .filter(({ packet }) => test(packet));

const sorted = (entries: Entry[], query: URLSearchParams): Entry[] => {
  const key = choiceOf(query, 'sort', sortKeys) ?? sortKeys['created_at'];
  const direction = choiceOf(query, 'order', { asc: 1, desc: -1 }) ?? -1;
  if (key === undefined) return entries;
  return entries.sort(
    (a, b) => direction * (compare(key(a.packet), key(b.packet)) || compare(a.place, b.place)),
  );
};

const answerOf = <T>(all: readonly T[], query: URLSearchParams, toItem: (entry: T) => PacketDocument) => {
  const { items, ...page } = pageOf(all, query);
  return { packets: items.map(toItem), total: all.length, total_capped: false, ...page };
};

const toDocument = ({ stored }: Entry): PacketDocument => documentOf(stored);

export const listPackets = (turn: Turn, { query }: LocalCall) => {
  const test = filterOf(query, [...pageFields, 'sort', 'order'], turn.now);
  return answerOf(sorted(entriesOf(turn, test), query), query, toDocument);
};

/** Packets that wait for a person, oldest first. */
export const listAwaiting = (turn: Turn, { query }: LocalCall) => {
  filterOf(query, pageFields, turn.now);
  return answerOf(
    entriesOf(turn, ({ status }) => status === 'awaiting_human'),
    query,
    toDocument,
  );
};

const textOf = ({ content }: ExistingPacket): string => {
  const { context, decisions, actions, metadata } = content;
  const parts = [
    context.summary,
    ...context.conversation_state.map((turn) => turn.content),
    ...context.artifacts.map(({ value }) =>
      typeof value === 'string' ? value : JSON.stringify(value ?? ''),
    ),
    ...decisions.flatMap(({ decision, rationale }) => [decision, rationale]),
    ...[...actions.pending, ...actions.completed, ...actions.failed].map(({ description }) => description),
    ...metadata.tags,
  ];
  return parts.join('\n').toLowerCase();
};

/** Whether all words are in a text, the quoted ones as they stand together, and none that has a minus. */
const wordTest = (q: string): Test => {
  const words = [...q.toLowerCase().matchAll(/(-?)(?:"([^"]+)"|(\S+))/g)].map(([, minus, phrase, word]) => ({
    wanted: minus === '',
    text: phrase ?? word ?? '',
  }));
  return (packet) => {
    const text = textOf(packet);
    return words.every(({ wanted, text: word }) => text.includes(word) === wanted);
  };
};

/** Newest first, without highlights: there is no index here that could rank what it finds. */
export const searchPackets = (turn: Turn, { query }: LocalCall) => {
  const q = query.get('q')?.trim() ?? '';
  if (q.length < 2)
    throw invalid([{ field: 'q', code: 'too_short', message: 'Send at least 2 characters.' }]);
  const narrowed = filterOf(query, [...pageFields, 'q'], turn.now);
  const found = wordTest(q);
  const entries = entriesOf(turn, (packet) => narrowed(packet) && found(packet)).reverse();
  return answerOf(entries, query, (entry) => ({ ...toDocument(entry), highlights: [] as string[] }));
};
