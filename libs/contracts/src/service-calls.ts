import type { AgentRef, Instant, PacketDocument, PacketId, Principal, TenantId } from '#libs/packet';
import type { CommandReply } from './command-wire.js';
import type { CommandService } from './subjects.js';

interface Caller {
  tenant_id: TenantId;
  principal: Principal;
  /** W3C trace context of the request. */
  traceparent: string;
}

/** The claimant is alive and goes on. */
export interface HeartbeatCall extends Caller {
  packet_id: PacketId;
  /** The claim that is held: `claim.claim_id`. */
  claim_id: string;
  agent_id?: string;
  /** The lease from now on; as it was when left out. */
  lease_seconds?: number;
  progress?: { percent: number; note?: string };
}

export interface Heartbeat {
  /** Null for a claim without a lease, for one that is over, and while the packet waits for a person. */
  lease_expires_at: Instant | null;
  directive: 'continue' | 'stop';
  /** Why to stop, or what the packet waits for. */
  reason?: string;
}

/** Work for an agent, whatever comes first. */
export interface ClaimNextCall extends Caller {
  agent: AgentRef;
  /** What the agent can do, beside what it is registered with. */
  capabilities: string[];
  /** Only packets that have all of them. */
  tags: string[];
  /** Packets at most, 1-50. */
  max: number;
  lease_seconds?: number;
  /** How long to wait for work when there is none, 0-30,000. */
  wait_ms: number;
  /** There is news that the service may not have heard of yet: it looks anew. */
  fresh?: true;
  /** By what the caller is known when it goes away before its answer (`callEndSubject`). */
  call_id?: string;
}

/** Something about one endpoint for webhooks. */
export interface HookCall extends Caller {
  hook_id: string;
}

/** Everything of an endpoint from an instant on. */
export interface HookSinceCall extends HookCall {
  since: Instant;
}

/** A delivery that ended in the dead letters, to be sent once more. */
export interface ReplayDeliveryCall extends Caller {
  delivery_id: string;
}

/** What a service is asked for beside commands: nothing of it is an event by itself. */
export interface ServiceCalls {
  heartbeat: { request: HeartbeatCall; answer: Heartbeat };
  claim_next: { request: ClaimNextCall; answer: { packets: PacketDocument[] } };
  /** A test event (`hook.test`) to this endpoint alone. */
  test_hook: { request: HookCall; answer: { delivery_id: string } };
  replay_delivery: { request: ReplayDeliveryCall; answer: { delivery_id: string } };
  /** Sends again what ended in the dead letters since then. */
  recover_hook: { request: HookSinceCall; answer: { deliveries: number } };
  /**
   * Sends what happened since then and the endpoint never got: the log is read again for it, which goes on after
   * the answer, whatever crashes.
   */
  replay_missing: { request: HookSinceCall; answer: { since: Instant } };
}

export type CallType = keyof ServiceCalls;

export type CallReply<T extends CallType> =
  { outcome: 'answered'; answer: ServiceCalls[T]['answer'] } | Exclude<CommandReply, { outcome: 'accepted' }>;

/** Answers the calls of one type; the signal says that nobody waits any more, and the answer comes at once. */
export type AnswerCall<T extends CallType> = (
  request: ServiceCalls[T]['request'],
  signal?: AbortSignal,
) => Promise<CallReply<T>>;

/**
 * Asks the service that answers calls of this type. Never rejects: a fault is a reply. The signal ends a wait;
 * the answer still comes, with whatever was done before.
 */
export type SendCall = <T extends CallType>(
  type: T,
  request: ServiceCalls[T]['request'],
  signal?: AbortSignal,
) => Promise<CallReply<T>>;

/** Which service answers which call. */
export const serviceOfCall = {
  heartbeat: 'claiming',
  claim_next: 'claiming',
  test_hook: 'webhooks',
  replay_delivery: 'webhooks',
  recover_hook: 'webhooks',
  replay_missing: 'webhooks',
} as const satisfies Record<CallType, CommandService>;

/** Request subject of a call: `hr.call.<service>.<call>`. Internal: the caller is the gateway. */
export const callSubject = (type: CallType): string => `hr.call.${serviceOfCall[type]}.${type}`;

/** Plain NATS, to all copies of the service: nobody waits for the call of this id any more, `{"call_id": "…"}`. */
export const callEndSubject = (type: CallType): string => `${callSubject(type)}.end`;
