import {
  after,
  type Claim,
  claimOf,
  directiveFor,
  type Directive,
  type Instant,
  type Rejection,
} from '#libs/packet';
import type { HeartbeatBody, HeartbeatDocument } from '../generated/wire.js';
import { type LocalCall, packetIdOf } from './call.js';
import { checked } from './checked.js';
import { packetOf, type StoredPacket } from './contents.js';
import { given } from './orders.js';
import { Refusal } from './refusal.js';
import { carryOut, storedPacket, type Turn } from './turn.js';

const refusalOf = ({ agent_id, lease_seconds }: HeartbeatBody, claim: Claim): Rejection | undefined => {
  if (typeof agent_id === 'string' && agent_id !== claim.agent.id)
    return {
      code: 'not_the_claimant',
      detail: `Only the claimant ("${claim.agent.id}") can send heartbeats.`,
    };
  if (typeof lease_seconds !== 'number' || claim.lease_seconds !== undefined) return undefined;
  const detail = 'The packet was claimed without a lease: leave lease_seconds out.';
  const errors = [{ field: 'lease_seconds', code: 'no_lease', message: detail }];
  return { code: 'validation_failed', detail, field: 'lease_seconds', errors };
};

const answer = (directive: Directive, lease_expires_at: Instant | null): HeartbeatDocument => ({
  lease_expires_at,
  ...directive,
});

/** Moves the end of a lease that runs; none runs while a person is waited for. */
const renewed = (turn: Turn, stored: StoredPacket, wished: number | undefined): Instant | null => {
  const packet = packetOf(stored);
  const claim = claimOf(packet);
  if (claim?.lease_seconds === undefined || packet.status === 'awaiting_human') return null;
  const at = after(turn.now, wished ?? claim.lease_seconds);
  turn.draft.moveLease(stored, { claim_id: claim.claim_id, at });
  return at;
};

const report = (turn: Turn, call: LocalCall, body: HeartbeatBody): void => {
  const id = packetIdOf(call);
  if (!body.progress || packetOf(storedPacket(turn, id)).status === 'awaiting_human') return;
  const data = {
    percent: body.progress.percent,
    ...given(body.progress, 'note'),
    ...given(body, 'agent_id'),
  };
  carryOut(turn, { id, type: 'progress', data, facts: { claimId: body.claim_id } });
};

/** A claimant reports itself: its lease begins anew, and it is told whether to go on. @throws Refusal */
export const beat = (turn: Turn, call: LocalCall): HeartbeatDocument => {
  const body = checked<HeartbeatBody>('HeartbeatBody', call.body);
  const packet = packetOf(storedPacket(turn, packetIdOf(call)));
  const directive = directiveFor(packet, body.claim_id, turn.now);
  const claim = claimOf(packet);
  if (directive.directive === 'stop' || claim === undefined) return answer(directive, null);
  const rejection = refusalOf(body, claim);
  if (rejection !== undefined) throw new Refusal(rejection);
  report(turn, call, body);
  const stored = storedPacket(turn, packet.id);
  return answer(directive, renewed(turn, stored, body.lease_seconds ?? undefined));
};
