import type {
  AgentBody,
  ArtifactBody,
  ChainPacketBody,
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

/** An agent, or only its id, which is then its name too. */
export type AgentRef = string | AgentBody;

type Maybe<T> = T | null | undefined;

/** A packet to create, without the nesting of the document. */
export interface FlatPacket {
  /** Who hands over. */
  sourceAgent: AgentRef;
  /** May be left out when `routing` is given; `human` is for people. */
  targetAgent?: Maybe<AgentRef>;
  /** What the receiver must know, in prose: 1 to 20,000 characters. */
  summary: string;
  /** A word, or 1 to 10 (most urgent); `normal` when left out. */
  priority?: MetadataBody['priority'];
  /** 64 at most, of 1 to 128 characters each. */
  tags?: Maybe<string[]>;
  /** Why the work is handed off. */
  reason?: Maybe<string>;
  /** When the work should be done. */
  deadline?: Maybe<string | Date>;
  /** What was said so far, oldest first. */
  conversation?: Maybe<TurnBody[]>;
  /** Files and data that go with it, each under a key of its own. */
  artifacts?: Maybe<ArtifactBody[]>;
  /** JSON of your own. */
  custom?: Maybe<Record<string, unknown>>;
  /** What was decided, and why. */
  decisions?: Maybe<DecisionBody[]>;
  /** What is to be done. */
  pendingActions?: Maybe<PendingActionBody[]>;
  /** What it waits for. */
  dependencies?: Maybe<DependencyBody[]>;
  /** A checkpoint where people decide. */
  hitl?: Maybe<HitlBody>;
  /** How a target is found when none is named. */
  routing?: Maybe<RoutingBody>;
  /** Who may claim it: the target only (when left out), or any agent. */
  claimPolicy?: CreatePacketBody['claim_policy'];
  /** How often it is tried, and with which pauses. */
  retry?: Maybe<RetryBody>;
  /** Seconds after which it expires, if nobody has finished it; not together with `expiresAt`. */
  ttlSeconds?: Maybe<number>;
  /** When it expires. */
  expiresAt?: Maybe<string | Date>;
  /** A registered schema that its context is held to. */
  schemaId?: Maybe<string>;
  /** The packet that it follows from, without taking its context over: for that there is `chainPacket`. */
  parentPacketId?: Maybe<string>;
}

/** A child to chain, without the nesting of the document. */
export interface FlatChild extends Omit<FlatPacket, 'parentPacketId'> {
  /** What it takes over from its parent; `all` when left out. */
  inherit?: ChainPacketBody['inherit'];
  /** Who chains it, where the key is not bound to an agent. */
  agentId?: Maybe<string>;
  /** The claim of the parent that it is done under: its fencing token. */
  claimId?: Maybe<string>;
}

const agentOf = <A extends Maybe<AgentRef>>(agent: A) =>
  typeof agent === 'string' ? { id: agent, name: agent } : (agent as Exclude<A, string>);

const instantOf = (instant: Maybe<string | Date>) =>
  instant instanceof Date ? instant.toISOString() : instant;

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as T;

const metadataOf = (flat: FlatPacket): MetadataBody =>
  present({
    source_agent: agentOf(flat.sourceAgent),
    target_agent: agentOf(flat.targetAgent),
    priority: flat.priority,
    tags: flat.tags,
    reason: flat.reason,
    deadline: instantOf(flat.deadline),
  });

const contextOf = (flat: FlatPacket): CreatePacketBody['context'] =>
  present({
    summary: flat.summary,
    conversation_state: flat.conversation,
    artifacts: flat.artifacts,
    custom: flat.custom,
  });

const contentOf = (flat: FlatPacket): CreatePacketBody =>
  present({
    metadata: metadataOf(flat),
    context: contextOf(flat),
    decisions: flat.decisions,
    actions: flat.pendingActions && { pending: flat.pendingActions },
    dependencies: flat.dependencies,
    hitl: flat.hitl,
    routing: flat.routing,
    claim_policy: flat.claimPolicy,
    retry: flat.retry,
    ttl_seconds: flat.ttlSeconds,
    expires_at: instantOf(flat.expiresAt),
    schema_id: flat.schemaId,
  });

/** The body that creates a packet. What is not flat is taken as it is. */
export const createBody = (packet: CreatePacketBody | FlatPacket): CreatePacketBody =>
  'sourceAgent' in packet
    ? present({ ...contentOf(packet), parent_packet_id: packet.parentPacketId })
    : packet;

/** The body that chains a child. What is not flat is taken as it is. */
export const chainBody = (child: ChainPacketBody | FlatChild): ChainPacketBody =>
  'sourceAgent' in child
    ? present({
        ...contentOf(child),
        inherit: child.inherit,
        agent_id: child.agentId,
        claim_id: child.claimId,
      })
    : child;
