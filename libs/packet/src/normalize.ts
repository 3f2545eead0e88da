import type { NewPacket } from './commands.js';
import { defined, sent } from './defined.js';
import type { Context, PacketMetadata, PacketTerms, RetryPolicy, Routing } from './document.js';
import { after } from './ids.js';
import type { Instant, PacketId } from './ids.js';
import type { CreateInput, PatchInput } from './input.js';
import { normalizeApproval } from './normalize-approval.js';
import {
  actionsOf,
  agentOf,
  artifactOf,
  decisionOf,
  dependencyOf,
  dependencyPatchOf,
  instantOf,
  sentActions,
  turnOf,
} from './normalize-items.js';
import type { ContentPatch } from './patch.js';
import { priorityOf } from './priority.js';

const metadataOf = (metadata: CreateInput['metadata']): PacketMetadata =>
  defined({
    source_agent: agentOf(metadata.source_agent),
    target_agent: metadata.target_agent && agentOf(metadata.target_agent),
    ...priorityOf(metadata.priority),
    tags: metadata.tags ?? [],
    reason: metadata.reason,
    deadline: instantOf(metadata.deadline),
  });

const contextOf = (context: CreateInput['context']): Context => ({
  summary: context.summary,
  conversation_state: context.conversation_state?.map(turnOf) ?? [],
  artifacts: context.artifacts?.map(artifactOf) ?? [],
  custom: context.custom ?? {},
});

const routingOf = ({
  capabilities,
  prefer,
  exclude,
  strategy,
}: NonNullable<CreateInput['routing']>): Routing => defined({ capabilities, prefer, exclude, strategy });

const retryOf = (retry: CreateInput['retry']): RetryPolicy => ({
  max_attempts: retry?.max_attempts ?? 5,
  backoff_seconds: retry?.backoff_seconds ?? 0,
});

/** What a create needs beside its body. */
export interface CreateDefaults {
  now: Instant;
  /** The tenant's time to live, in seconds, for packets that name none. */
  ttl_seconds?: number | undefined;
}

const expiryOf = (body: CreateInput, defaults: CreateDefaults): Instant | undefined => {
  const ttl = body.ttl_seconds ?? defaults.ttl_seconds;
  return instantOf(body.expires_at) ?? (ttl === undefined ? undefined : after(defaults.now, ttl));
};

const termsOf = (body: CreateInput, defaults: CreateDefaults): PacketTerms =>
  Object.assign(
    { parent_packet_id: (body.parent_packet_id?.toLowerCase() as PacketId | undefined) ?? null },
    defined({
      version: body.version ?? '1.0.0',
      routing: body.routing && routingOf(body.routing),
      claim_policy: body.claim_policy ?? ('target' as const),
      retry: retryOf(body.retry),
      expires_at: expiryOf(body, defaults),
      schema_id: body.schema_id,
    }),
  );

/**
 * The packet that a valid create body asks for, with every default filled in: lists, priority word and
 * level, checkpoint, retry policy, `ttl_seconds` as `expires_at` (an `expires_at` in the body wins), instants
 * in UTC with milliseconds. Free JSON is taken as it is. Rules across fields are `checkNewPacket`'s.
 */
export const normalizeNewPacket = (body: CreateInput, defaults: CreateDefaults): NewPacket =>
  defined({
    content: {
      metadata: metadataOf(body.metadata),
      context: contextOf(body.context),
      decisions: body.decisions?.map(decisionOf) ?? [],
      actions: actionsOf(body.actions),
      dependencies: body.dependencies?.map(dependencyOf) ?? [],
    },
    terms: termsOf(body, defaults),
    hitl: body.hitl && normalizeApproval(body.hitl),
  });

/** A list that may be absent, or null where null empties it. */
const listOf = <T, U>(list: T[] | null | undefined, each: (item: T) => U): U[] | null | undefined =>
  list && list.map(each);

const contextPatch = (context: NonNullable<PatchInput['context']>): NonNullable<ContentPatch['context']> => ({
  ...defined({
    summary: context.summary,
    append_conversation: context.append_conversation?.map(turnOf),
    upsert_artifacts: context.upsert_artifacts?.map(artifactOf),
  }),
  ...sent({
    conversation_state: listOf(context.conversation_state, turnOf),
    artifacts: listOf(context.artifacts, artifactOf),
    custom: context.custom,
  }),
});

const metadataPatch = (
  metadata: NonNullable<PatchInput['metadata']>,
): NonNullable<ContentPatch['metadata']> => ({
  ...defined({ tags: metadata.tags }),
  ...(metadata.priority ? priorityOf(metadata.priority) : {}),
  ...sent({ deadline: metadata.deadline === null ? null : instantOf(metadata.deadline) }),
});

/** The update that a valid PATCH body asks for, in the shape in which it is recorded. */
export const normalizePatch = (body: PatchInput): ContentPatch =>
  defined({
    context: body.context && contextPatch(body.context),
    decisions: body.decisions?.map(decisionOf),
    dependencies: body.dependencies?.map(dependencyPatchOf),
    actions: body.actions && sentActions(body.actions),
    metadata: body.metadata && metadataPatch(body.metadata),
  });
