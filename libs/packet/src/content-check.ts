import type { PacketLimits } from './commands.js';
import type { Artifact, Context, PacketContent } from './document.js';
import { rejection } from './outcome.js';
import type { Rejection } from './rejections.js';
import { jsonBytes } from './text.js';

export const maxTurns = 2000;
export const maxTags = 64;

export interface FieldError {
  field: string;
  code: string;
  message: string;
}

const duplicates = (keys: string[], pathOf: (index: number) => string): FieldError[] => {
  if (new Set(keys).size === keys.length) return [];
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    const again = seen.has(key);
    seen.add(key);
    return again ? [{ field: pathOf(index), code: 'duplicate', message: `"${key}" is used twice` }] : [];
  });
};

const actionIds = (content: PacketContent): { ids: string[]; paths: string[] } => {
  const ids: string[] = [];
  const paths: string[] = [];
  for (const list of ['pending', 'completed', 'failed'] as const) {
    content.actions[list].forEach((action, index) => {
      ids.push(action.id);
      paths.push(`actions.${list}.${index}.id`);
    });
  }
  return { ids, paths };
};

const checkActions = (content: PacketContent): FieldError[] => {
  const { ids, paths } = actionIds(content);
  const known = new Set(ids);
  const dangling = content.actions.pending.flatMap((action, index) =>
    (action.depends_on ?? []).flatMap((id, place) =>
      known.has(id) && id !== action.id
        ? []
        : [
            {
              field: `actions.pending.${index}.depends_on.${place}`,
              code: 'unknown_action',
              message: `"${id}" must name another action of this packet`,
            },
          ],
    ),
  );
  return [...duplicates(ids, (index) => paths[index] ?? 'actions'), ...dangling];
};

const checkArtifact = (artifact: Artifact, index: number): FieldError[] => {
  const field = `context.artifacts.${index}`;
  if (artifact.value === undefined && artifact.url === undefined) {
    return [{ field, code: 'required', message: 'An artifact needs a value or a url' }];
  }
  const isScalar = typeof artifact.value === 'number' || typeof artifact.value === 'boolean';
  return isScalar
    ? [{ field: `${field}.value`, code: 'type', message: 'A value must be a string, an object or an array' }]
    : [];
};

const checkContext = (context: Context): FieldError[] => [
  ...atMost(context.conversation_state, maxTurns, 'context.conversation_state'),
  ...context.artifacts.flatMap(checkArtifact),
  ...duplicates(
    context.artifacts.map((artifact) => artifact.key),
    (index) => `context.artifacts.${index}.key`,
  ),
];

export const atMost = (list: readonly unknown[], max: number, field: string): FieldError[] =>
  list.length > max ? [{ field, code: 'too_many', message: `At most ${max} items` }] : [];

/** What must hold across the fields of a packet's content, whatever wrote it. */
export const contentErrors = (content: PacketContent): FieldError[] => [
  ...atMost(content.metadata.tags, maxTags, 'metadata.tags'),
  ...checkContext(content.context),
  ...duplicates(
    content.decisions.map(({ id }) => id),
    (index) => `decisions.${index}.id`,
  ),
  ...checkActions(content),
  ...duplicates(
    content.dependencies.map(({ id }) => id),
    (index) => `dependencies.${index}.id`,
  ),
];

/** One refusal for all that is wrong, or null. */
export const invalid = (errors: FieldError[]): Rejection | null => {
  const [first] = errors;
  if (first === undefined) return null;
  return rejection('validation_failed', `${first.field}: ${first.message}.`, { field: first.field, errors });
};

/** Whether content that has just been put together is still a packet: its rules, its size. */
export const checkContent = (content: PacketContent, limits: PacketLimits | undefined): Rejection | null =>
  invalid(contentErrors(content)) ?? checkSize(content, limits);

const checkSize = (content: PacketContent, limits: PacketLimits | undefined): Rejection | null => {
  if (limits === undefined) return null;
  const bytes = jsonBytes(content);
  if (bytes <= limits.max_bytes) return null;
  return rejection(
    'packet_too_large',
    `The packet would hold ${bytes} bytes of JSON; ${limits.max_bytes} are allowed. Move large parts to artifacts with a url.`,
    { limit: limits.max_bytes, used: bytes },
  );
};
