import { defined } from './defined.js';
import type {
  Actions,
  Artifact,
  Context,
  Dependency,
  Json,
  JsonObject,
  PacketContent,
  PacketMetadata,
} from './document.js';
import type { PacketId } from './ids.js';
import type { ContentPatch, DependencyPatch } from './patch.js';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396. Built from entries, so that a key `__proto__` is data like any other. */
export const mergeJson = (target: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeJson(merged.get(key), value));
  }
  return Object.fromEntries(merged);
};

/** The old item with what the new one says. It is this packet's own from then on. */
const mergeItem = <T extends { inherited_from?: PacketId }>(old: T | undefined, item: T): T => {
  if (old === undefined) return item;
  const merged = { ...old, ...item };
  if (item.inherited_from === undefined) delete merged.inherited_from;
  return merged;
};

/** The list with these items merged in by their key: known ones in their place, new ones at the end. */
const mergeBy = <T extends object>(list: T[], items: T[] | undefined, keyOf: (item: T) => string): T[] => {
  if (items === undefined || items.length === 0) return list;
  const merged = new Map(list.map((item) => [keyOf(item), item]));
  for (const item of items) merged.set(keyOf(item), mergeItem(merged.get(keyOf(item)), item));
  return [...merged.values()];
};

const idOf = (item: { id: string }): string => item.id;

/** An artifact is a value or a link; a new one of either kind takes the place of the other. */
const upsertArtifacts = (list: Artifact[], items: Artifact[] | undefined): Artifact[] =>
  mergeBy(list, items, (item) => item.key).map((item) => {
    const sent = items?.find((candidate) => candidate.key === item.key);
    if (sent === undefined || item.value === undefined || item.url === undefined) return item;
    const { value, url, ...rest } = item;
    return { ...rest, ...defined({ value: sent.value, url: sent.url }) };
  });

const without = <T extends { id: string }>(list: T[], moved: Set<string>): T[] =>
  list.some((item) => moved.has(item.id)) ? list.filter((item) => !moved.has(item.id)) : list;

const idsOf = (...lists: ({ id: string }[] | undefined)[]): Set<string> =>
  new Set(lists.flatMap((list) => list?.map(idOf) ?? []));

/** An id lives in one list: where it arrives, it leaves the others. A list that is not sent stays. */
const mergeActions = (actions: Actions, patch: NonNullable<ContentPatch['actions']>): Actions => ({
  pending: mergeBy(without(actions.pending, idsOf(patch.completed, patch.failed)), patch.pending, idOf),
  completed: mergeBy(without(actions.completed, idsOf(patch.pending, patch.failed)), patch.completed, idOf),
  failed: mergeBy(without(actions.failed, idsOf(patch.pending, patch.completed)), patch.failed, idOf),
});

const replaced = <T>(list: T[], patch: T[] | null | undefined): T[] =>
  patch === undefined ? list : (patch ?? []);

const mergeCustom = (custom: JsonObject, patch: JsonObject | null | undefined): JsonObject => {
  if (patch === undefined) return custom;
  return patch === null ? {} : (mergeJson(custom, patch) as JsonObject);
};

const mergeContext = (context: Context, patch: NonNullable<ContentPatch['context']>): Context => {
  const turns = replaced(context.conversation_state, patch.conversation_state);
  const appended = patch.append_conversation ?? [];
  return {
    summary: patch.summary ?? context.summary,
    conversation_state: appended.length === 0 ? turns : [...turns, ...appended],
    artifacts: upsertArtifacts(replaced(context.artifacts, patch.artifacts), patch.upsert_artifacts),
    custom: mergeCustom(context.custom, patch.custom),
  };
};

const mergeMetadata = (
  metadata: PacketMetadata,
  patch: NonNullable<ContentPatch['metadata']>,
): PacketMetadata => {
  const { deadline, ...rest } = patch;
  const merged = { ...metadata, ...defined(rest) };
  if (deadline === null) delete merged.deadline;
  else if (deadline !== undefined) merged.deadline = deadline;
  return merged;
};

const mergeDependencies = (list: Dependency[], items: DependencyPatch[] = []): Dependency[] => {
  const status = new Map(list.map((item) => [item.id, item.status]));
  const whole = items.map((item) => ({ ...item, status: item.status ?? status.get(item.id) ?? 'unknown' }));
  return mergeBy(list, whole, idOf);
};

/** The content after an update. What the patch does not name is the same object as before. */
export const applyPatch = (content: PacketContent, patch: ContentPatch): PacketContent => ({
  metadata: patch.metadata ? mergeMetadata(content.metadata, patch.metadata) : content.metadata,
  context: patch.context ? mergeContext(content.context, patch.context) : content.context,
  decisions: mergeBy(content.decisions, patch.decisions, idOf),
  actions: patch.actions ? mergeActions(content.actions, patch.actions) : content.actions,
  dependencies: mergeDependencies(content.dependencies, patch.dependencies),
});
