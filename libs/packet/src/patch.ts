import type {
  Artifact,
  CompletedAction,
  Decision,
  Dependency,
  FailedAction,
  Json,
  PendingAction,
  PriorityWord,
  Turn,
} from './document.js';
import type { Instant } from './ids.js';

/** A dependency in an update: a status that is not sent stays what it was. */
export type DependencyPatch = Omit<Dependency, 'status'> & Partial<Pick<Dependency, 'status'>>;

/**
 * A content update as it is recorded: the patch, never its result. `context` follows JSON Merge Patch
 * (RFC 7396); the lists merge by id; null for `deadline` removes it.
 */
export interface ContentPatch {
  context?: {
    summary?: string;
    conversation_state?: Turn[] | null;
    artifacts?: Artifact[] | null;
    custom?: { [key: string]: Json } | null;
    append_conversation?: Turn[];
    upsert_artifacts?: Artifact[];
  };
  decisions?: Decision[];
  dependencies?: DependencyPatch[];
  actions?: { pending?: PendingAction[]; completed?: CompletedAction[]; failed?: FailedAction[] };
  metadata?: { tags?: string[]; priority?: PriorityWord; priority_level?: number; deadline?: Instant | null };
}
