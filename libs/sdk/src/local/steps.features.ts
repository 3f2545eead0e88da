import { normalizeApproval, type PacketCommandType } from '#libs/packet';
import type { LocalRail } from './local-rail.js';

/** What is asked of the rules and of local mode. */
export interface Step {
  op: keyof typeof ops | 'wait';
  agent?: string;
  lease?: number;
  seconds?: number;
  retryable?: boolean;
  hitl?: { reason: string };
  response?: string;
}

const limits = { max_bytes: 1_048_576, max_chain_depth: 32, max_path_repeats: 3 };
const named = ({ agent }: Step) => (agent === undefined ? {} : { agent_id: agent });
const acting = ({ agent }: Step) => (agent === undefined ? {} : { agentId: agent });
const policy = { reason: 'Sure?' };

/** One thing to ask: as a command of the domain, and as its user says it. */
const op = (
  type: PacketCommandType,
  data: (step: Step, newId: () => string) => object,
  call: (rail: LocalRail, id: string, step: Step) => Promise<{ status: string }>,
) => ({ type, data, call });

export const ops = {
  claim: op(
    'claim',
    ({ agent = '', lease }, newId) => ({
      agent: { id: agent, name: agent },
      claim_id: newId(),
      ...(lease !== undefined && { lease_seconds: lease }),
    }),
    (rail, id, { agent = '', lease }) =>
      rail.claimPacket(id, { agentId: agent, ...(lease !== undefined && { leaseSeconds: lease }) }),
  ),
  start: op('start', named, (rail, id, step) => rail.startPacket(id, acting(step))),
  progress: op(
    'progress',
    (step) => ({ percent: 50, ...named(step) }),
    (rail, id, step) => rail.reportProgress(id, { percent: 50, ...acting(step) }),
  ),
  complete: op(
    'complete',
    (step) => ({ result: { done: true }, ...named(step) }),
    (rail, id, step) => rail.completePacket(id, { result: { done: true }, ...acting(step) }),
  ),
  fail: op(
    'fail',
    ({ retryable }) => ({ code: 'failed', reason: 'No', retryable: retryable ?? false, jitter: 0 }),
    (rail, id, { retryable }) => rail.failPacket(id, { reason: 'No', retryable }),
  ),
  reject: op(
    'reject',
    (step) => ({ reason: 'Not mine', ...named(step) }),
    (rail, id, step) => rail.rejectPacket(id, { reason: 'Not mine', ...acting(step) }),
  ),
  release: op('release', named, (rail, id, step) => rail.releasePacket(id, acting(step))),
  cancel: op('cancel', named, (rail, id, step) => rail.cancelPacket(id, acting(step))),
  retry: op('retry', named, (rail, id, step) => rail.retryPacket(id, acting(step))),
  update: op(
    'update',
    (step, newId) => ({
      patch: { context: { summary: 'New' } },
      ...{ limits, approval_id: newId() },
      ...named(step),
    }),
    (rail, id, step) => rail.updatePacket(id, { context: { summary: 'New' }, agent_id: step.agent }),
  ),
  ask: op(
    'request_approval',
    ({ hitl = policy }, newId) => ({ policy: normalizeApproval(hitl), approval_id: newId() }),
    (rail, id, { hitl = policy }) => rail.requestApproval(id, { hitl }),
  ),
  respond: op(
    'respond',
    ({ response = '' }, newId) => ({ response, responded_by: 'pat', next_claim_id: newId() }),
    (rail, id, { response = '' }) => rail.respondToHitl(id, { response, respondedBy: 'pat' }),
  ),
};

/** The commands that no fencing token goes with. */
export const unfenced: readonly PacketCommandType[] = ['create', 'claim', 'respond'];
