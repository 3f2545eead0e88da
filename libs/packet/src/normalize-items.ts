import { defined } from './defined.js';
import type {
  Actions,
  AgentRef,
  Artifact,
  CompletedAction,
  Decision,
  Dependency,
  FailedAction,
  PendingAction,
  PriorityWord,
  Turn,
} from './document.js';
import { parseInstant } from './ids.js';
import type { Instant } from './ids.js';
import type {
  ActionsInput,
  AgentInput,
  ArtifactInput,
  CompletedActionInput,
  DecisionInput,
  DependencyInput,
  FailedActionInput,
  PendingActionInput,
  TurnInput,
} from './input.js';
import type { DependencyPatch } from './patch.js';
import { priorityOf } from './priority.js';

/** The text as an instant. Text that is none stays as it is, for `checkNewPacket` to name. */
export const instantOf = (text: string | null | undefined): Instant | undefined =>
  text === null || text === undefined ? undefined : (parseInstant(text) ?? (text as Instant));

export const agentOf = ({ id, name, framework, version }: AgentInput): AgentRef =>
  defined({ id, name, framework, version });

export const turnOf = (turn: TurnInput): Turn =>
  defined({
    role: turn.role,
    content: turn.content,
    timestamp: instantOf(turn.timestamp),
    metadata: turn.metadata,
  });

export const artifactOf = ({ key, value, url, content_type }: ArtifactInput): Artifact =>
  defined({ key, value, url, content_type });

export const decisionOf = (item: DecisionInput): Decision =>
  defined({
    id: item.id,
    decision: item.decision,
    rationale: item.rationale,
    alternatives: item.alternatives,
    decided_by: item.decided_by,
    timestamp: instantOf(item.timestamp),
  });

const wordOf = (given: PendingActionInput['priority']): PriorityWord | undefined =>
  given === null || given === undefined ? undefined : priorityOf(given).priority;

const pendingOf = (item: PendingActionInput): PendingAction =>
  defined({
    id: item.id,
    description: item.description,
    assignee: item.assignee,
    priority: wordOf(item.priority),
    depends_on: item.depends_on,
    deadline: instantOf(item.deadline),
  });

const completedOf = (item: CompletedActionInput): CompletedAction =>
  defined({
    id: item.id,
    description: item.description,
    result: item.result,
    completed_by: item.completed_by,
    completed_at: instantOf(item.completed_at),
  });

const failedOf = ({ id, description, error, retries_remaining }: FailedActionInput): FailedAction =>
  defined({ id, description, error, retries_remaining });

/** The lists that were sent. */
export const sentActions = (actions: ActionsInput): Partial<Actions> =>
  defined({
    pending: actions.pending?.map(pendingOf),
    completed: actions.completed?.map(completedOf),
    failed: actions.failed?.map(failedOf),
  });

export const actionsOf = (actions: ActionsInput | null | undefined): Actions => ({
  pending: [],
  completed: [],
  failed: [],
  ...(actions ? sentActions(actions) : {}),
});

/** A dependency of an update. */
export const dependencyPatchOf = ({
  id,
  type,
  description,
  status,
  source,
}: DependencyInput): DependencyPatch => defined({ id, type, description, status, source });

/** A dependency of a new packet. */
export const dependencyOf = (item: DependencyInput): Dependency => ({
  ...dependencyPatchOf(item),
  status: item.status ?? 'unknown',
});
