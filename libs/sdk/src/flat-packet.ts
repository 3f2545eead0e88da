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
  sourceAgent: AgentRef;
  /** May be left out when `routing` is given; `human` is for people. */
  targetAgent?: Maybe<AgentRef>;
  summary: string;
  priority?: MetadataBody['priority'];
  tags?: Maybe<string[]>;
  /** Why the work is handed off. */
  reason?: Maybe<string>;
  /** When the work should be done. */
  deadline?: Maybe<string | Date>;
  conversation?: Maybe<TurnBody[]>;
  artifacts?: Maybe<ArtifactBody[]>;
  /** JSON of your own. */
  custom?: Maybe<Record<string, unknown>>;
  decisions?: Maybe<DecisionBody[]>;
  pendingActions?: Maybe<PendingActionBody[]>;
  dependencies?: Maybe<DependencyBody[]>;
  /** A checkpoint where people decide. */
  hitl?: Maybe<HitlBody>;
  routing?: Maybe<RoutingBody>;
  claimPolicy?: CreatePacketBody['claim_policy'];
  retry?: Maybe<RetryBody>;
  ttlSeconds?: Maybe<number>;
  expiresAt?: Maybe<string | Date>;
  schemaId?: Maybe<string>;
  parentPacketId?: Maybe<string>;
}

/** A child to chain, without the nesting of the document. */
export interface FlatChild extends Omit<FlatPacket, 'parentPacketId'> {
  /** What it takes over from its parent; `all` when left out. */
  inherit?: ChainPacketBody['inherit'];
  /** Who chains it, where the key is not bound to an agent. */
  agentId?: Maybe<string>;
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
    ? present({ ...contentOf(child), inherit: child.inherit, agent_id: child.agentId })
    : child;
