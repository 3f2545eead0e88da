import type { AgentRegistry } from '#libs/agents';
import type { AnswerCall, CallReply, CommandReply, HeartbeatCall, RequestMeta } from '#libs/contracts';
import { handleCommand, LogUnavailable, type PacketLog, uuidv7 } from '#libs/event-log';
import {
  after,
  type Claim,
  type CommandId,
  type Directive,
  directiveFor,
  type ExistingPacket,
  type Instant,
  instantAt,
  leaseTimerId,
  type Rejection,
} from '#libs/packet';
import type { Timers } from '#libs/timers';

export interface HeartbeatParts {
  log: PacketLog;
  timers: Timers;
  /** Told that the claimant is there. */
  agents: Pick<AgentRegistry, 'touch'>;
}

type Reply = CallReply<'heartbeat'>;

const refusal = (rejection: Rejection): Reply => ({ outcome: 'refused', rejection });

const answer = (directive: Directive, lease_expires_at: Instant | null = null): Reply => ({
  outcome: 'answered',
  answer: { lease_expires_at, ...directive },
});

/** The claim that the caller speaks of, if the packet is held by it, or waits for a person with it. */
const claimUnder = (packet: ExistingPacket, { claim_id }: HeartbeatCall): Claim | undefined => {
  const claim = packet.status === 'awaiting_human' ? packet.resume?.claim : 'claim' in packet && packet.claim;
  return claim && claim.claim_id === claim_id ? claim : undefined;
};

/** Whether the caller is the claimant: a bound key is its agent and no other, an unbound one whom it names. */
const notTheClaimant = ({ principal, agent_id }: HeartbeatCall, { agent }: Claim): Rejection | null => {
  const bound = principal.agent_id ?? agent_id;
  if (agent_id !== undefined && agent_id !== bound)
    return { code: 'forbidden', detail: `This key is bound to "${bound}" and cannot act as "${agent_id}".` };
  if (bound === undefined || bound === agent.id) return null;
  return { code: 'not_the_claimant', detail: `Only the claimant ("${agent.id}") can send heartbeats.` };
};

const noLease = ({ lease_seconds: wished }: HeartbeatCall, claim: Claim): Rejection | null => {
  if (wished === undefined || claim.lease_seconds !== undefined) return null;
  const detail = 'The packet was claimed without a lease: leave lease_seconds out.';
  const errors = [{ field: 'lease_seconds', code: 'no_lease', message: detail }];
  return { code: 'validation_failed', detail, field: 'lease_seconds', errors };
};

/** Moves the timer of a lease that runs, which is all that is written. @throws LogUnavailable */
const renew = async (
  timers: Timers,
  packet: ExistingPacket,
  { claim, wished }: { claim: Claim; wished: number | undefined },
): Promise<Instant | null> => {
  const seconds = claim.lease_seconds === undefined ? undefined : (wished ?? claim.lease_seconds);
  if (seconds === undefined || packet.status === 'awaiting_human') return null;
  const at = after(instantAt(Date.now()), seconds);
  await timers.set({ ...leaseTimerId(packet, claim.claim_id), at });
  return at;
};

type Progress = NonNullable<HeartbeatCall['progress']>;

const report = (log: PacketLog, call: HeartbeatCall, progress: Progress): Promise<CommandReply> => {
  const { tenant_id, packet_id, principal, traceparent, claim_id, agent_id } = call;
  const meta: RequestMeta = {
    command_id: uuidv7() as CommandId,
    ...{ tenant_id, packet_id, principal, traceparent, claim_id },
  };
  const data = { ...progress, ...(agent_id !== undefined && { agent_id }) };
  return handleCommand(log, { type: 'progress', meta, data });
};

const beat = async (parts: HeartbeatParts, call: HeartbeatCall): Promise<Reply> => {
  const { packet } = await parts.log.load(call.tenant_id, call.packet_id);
  if (packet.status === 'absent')
    return refusal({ code: 'not_found', detail: 'There is no such packet. Check its id.' });
  const directive = directiveFor(packet, call.claim_id, instantAt(Date.now()));
  const claim = claimUnder(packet, call);
  if (directive.directive === 'stop' || claim === undefined) return answer(directive);
  const rejection = notTheClaimant(call, claim) ?? noLease(call, claim);
  if (rejection !== null) return refusal(rejection);
  parts.agents.touch(call.tenant_id, claim.agent.id);
  return answer(directive, await renew(parts.timers, packet, { claim, wished: call.lease_seconds }));
};

const goesOn = (reply: Reply): boolean =>
  reply.outcome === 'answered' && reply.answer.directive === 'continue';

/** What is held up by a person takes no progress; and what was lost since the first look is told to stop. */
const withProgress = async (parts: HeartbeatParts, call: HeartbeatCall): Promise<Reply> => {
  const first = await beat(parts, call);
  if (call.progress === undefined || !goesOn(first)) return first;
  const reply = await report(parts.log, call, call.progress);
  if (reply.outcome === 'accepted') return first;
  if (reply.outcome === 'fault') return reply;
  const second = await beat(parts, call);
  return goesOn(second) && reply.rejection.code !== 'awaiting_human' ? reply : second;
};

/**
 * Answers a claimant that reports itself: the lease begins anew, and one directive, always. The log does not
 * grow by it, except by progress that comes along. One that comes after its lease has run out, but before
 * that is recorded, renews it all the same.
 */
export const answerHeartbeat =
  (parts: HeartbeatParts): AnswerCall<'heartbeat'> =>
  async (call) => {
    try {
      return await withProgress(parts, call);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      return { outcome: 'fault', code: 'unavailable', detail: error.message };
    }
  };
