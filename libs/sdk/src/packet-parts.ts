import { ValidationError } from './errors.js';
import type {
  AgentBody,
  ArtifactBody,
  CreatePacketBody,
  DecisionBody,
  DependencyBody,
  HitlBody,
  MetadataBody,
  PendingActionBody,
  RetryBody,
  RoutingBody,
  TurnBody,
} from './generated/wire.js';
import { asWire, type Given } from './spelling.js';

interface Draft {
  source?: AgentBody;
  target?: AgentBody;
  summary?: string;
  metadata: Omit<MetadataBody, 'source_agent' | 'target_agent'>;
  turns: TurnBody[];
  artifacts: ArtifactBody[];
  custom?: Record<string, unknown>;
  decisions: DecisionBody[];
  pending: PendingActionBody[];
  dependencies: DependencyBody[];
  rest: Pick<
    CreatePacketBody,
    | 'hitl'
    | 'routing'
    | 'retry'
    | 'claim_policy'
    | 'ttl_seconds'
    | 'expires_at'
    | 'schema_id'
    | 'parent_packet_id'
  >;
}

const missing = (field: string, call: string): ValidationError =>
  new ValidationError({ code: 'incomplete_packet', message: `${field} is missing: call ${call}.` });

const instantOf = (instant: string | Date): string =>
  typeof instant === 'string' ? instant : instant.toISOString();

const unlessEmpty = <T>(items: T[]): T[] | undefined => (items.length === 0 ? undefined : items);

/** Puts a packet together part by part. */
export class PacketParts {
  readonly #draft: Draft = {
    metadata: {},
    turns: [],
    artifacts: [],
    decisions: [],
    pending: [],
    dependencies: [],
    rest: {},
  };

  /** Who hands over. */
  fromAgent(id: string, name: string = id, more: Omit<AgentBody, 'id' | 'name'> = {}): this {
    this.#draft.source = { id, name, ...more };
    return this;
  }

  /** Who gets the work; `human` is for people. */
  toAgent(id: string, name: string = id, more: Omit<AgentBody, 'id' | 'name' | 'version'> = {}): this {
    this.#draft.target = { id, name, ...more };
    return this;
  }

  /** What the receiver must know, in prose. */
  withSummary(summary: string): this {
    this.#draft.summary = summary;
    return this;
  }

  /** Adds turns of the conversation so far. */
  withConversation(turns: readonly TurnBody[]): this {
    this.#draft.turns.push(...turns);
    return this;
  }

  /** Adds what was decided; its id is `d1`, `d2`, … when none is given. */
  withDecision(
    decision: string,
    more: Partial<Omit<DecisionBody, 'decision'>> & { rationale: string },
  ): this {
    const { decisions } = this.#draft;
    decisions.push({ id: `d${decisions.length + 1}`, decision, ...more });
    return this;
  }

  /** Adds what is to be done; its id is `a1`, `a2`, … when none is given. */
  withAction(
    description: string,
    more: Partial<Omit<PendingActionBody, 'description'>> & { assignee: string },
  ): this {
    const { pending } = this.#draft;
    pending.push({ id: `a${pending.length + 1}`, description, ...more });
    return this;
  }

  /** Adds what the work depends on. */
  withDependency(id: string, dependency: Omit<DependencyBody, 'id'>): this {
    this.#draft.dependencies.push({ id, ...dependency });
    return this;
  }

  /** Adds a named thing: a value, or a URL where it is. */
  withArtifact(key: string, artifact: Omit<ArtifactBody, 'key'>): this {
    this.#draft.artifacts.push({ key, ...artifact });
    return this;
  }

  /** JSON of your own. */
  withCustom(custom: Record<string, unknown>): this {
    this.#draft.custom = { ...this.#draft.custom, ...custom };
    return this;
  }

  /** Lets people decide before any agent gets it. */
  withHitl(checkpoint: Given<HitlBody>): this {
    return this.#set({ hitl: { required: true, ...asWire<HitlBody>(checkpoint) } });
  }

  /** A word, or 1 to 10, where 10 is most urgent. */
  withPriority(priority: NonNullable<MetadataBody['priority']>): this {
    this.#draft.metadata.priority = priority;
    return this;
  }

  /** Adds tags. */
  withTags(...tags: string[]): this {
    this.#draft.metadata.tags = [...(this.#draft.metadata.tags ?? []), ...tags];
    return this;
  }

  /** Why the work is handed off. */
  withReason(reason: string): this {
    this.#draft.metadata.reason = reason;
    return this;
  }

  /** When the work should be done. */
  withDeadline(deadline: string | Date): this {
    this.#draft.metadata.deadline = instantOf(deadline);
    return this;
  }

  /** Lets the rail look for an agent. */
  withRouting(routing: RoutingBody): this {
    return this.#set({ routing });
  }

  /** How often, and how soon, it is tried again. */
  withRetry(retry: Given<RetryBody>): this {
    return this.#set({ retry: asWire<RetryBody>(retry) });
  }

  /** Who may claim: the target only, or any agent. */
  withClaimPolicy(policy: 'target' | 'open'): this {
    return this.#set({ claim_policy: policy });
  }

  /** When a packet that is not done expires: an instant, or seconds from its creation. */
  withExpiry(expiry: string | Date | number): this {
    return this.#set(
      typeof expiry === 'number' ? { ttl_seconds: expiry } : { expires_at: instantOf(expiry) },
    );
  }

  /** The registered schema that the context must satisfy. */
  withSchema(schemaId: string): this {
    return this.#set({ schema_id: schemaId });
  }

  #set(rest: Draft['rest']): this {
    Object.assign(this.#draft.rest, rest);
    return this;
  }

  /** @internal */
  protected content(): CreatePacketBody {
    const { source, target, summary, metadata, rest, ...lists } = this.#draft;
    if (source === undefined) throw missing('The source agent', 'fromAgent(id, name)');
    if (target === undefined && !rest.routing)
      throw missing('The target agent', 'toAgent(id, name) or withRouting()');
    if (summary === undefined) throw missing('The summary', 'withSummary(text)');
    const [conversation_state, artifacts] = [unlessEmpty(lists.turns), unlessEmpty(lists.artifacts)];
    return {
      ...rest,
      metadata: { ...metadata, source_agent: source, ...(target && { target_agent: target }) },
      context: { summary, conversation_state, artifacts, custom: lists.custom },
      decisions: unlessEmpty(lists.decisions),
      actions: lists.pending.length === 0 ? undefined : { pending: lists.pending },
      dependencies: unlessEmpty(lists.dependencies),
    };
  }
}
