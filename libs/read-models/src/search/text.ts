import type { Actions, Artifact, Json, PacketContent } from '#libs/packet';

/** What search looks at: the title weighs most. */
export interface SearchText {
  title: string;
  text: string;
}

/** Characters of a packet that are indexed. A tsvector holds 1 MiB at most; what is beyond is not found. */
const titleLength = 25_000;
const textLength = 100_000;

const strings = (value: Json): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
};

const ofArtifact = ({ key, value, url }: Artifact): string[] => [
  key,
  ...(value === undefined ? [] : strings(value)),
  ...(url === undefined ? [] : [url]),
];

const ofActions = ({ pending, completed, failed }: Actions): string[] => [
  ...pending.map(({ description }) => description),
  ...completed.flatMap(({ description, result }) => [description, result]),
  ...failed.flatMap(({ description, error }) => [description, error]),
];

type SearchedContent = Pick<PacketContent, 'context' | 'decisions' | 'actions' | 'metadata'>;

/** Summary, tags, decisions, actions, conversation and artifacts' text, cut to what the index can hold. */
export const searchText = ({ context, decisions, actions, metadata }: SearchedContent): SearchText => {
  const title = [context.summary, ...metadata.tags];
  const text = [
    ...decisions.flatMap(({ decision, rationale, alternatives = [] }) => [
      decision,
      rationale,
      ...alternatives,
    ]),
    ...ofActions(actions),
    ...context.conversation_state.map((turn) => turn.content),
    ...context.artifacts.flatMap(ofArtifact),
  ];
  return { title: title.join('\n').slice(0, titleLength), text: text.join('\n').slice(0, textLength) };
};
