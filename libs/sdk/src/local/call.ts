import { type PacketId, parsePacketId } from '#libs/packet';
import { invalid, notFound } from './refusal.js';
import type { CallFacts } from './turn.js';

/** A request, as an operation of local mode gets it. */
export interface LocalCall {
  /** The parts of the path that vary. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Undefined: none was sent. */
  body: unknown;
  facts: CallFacts;
  /** Aborted when nobody waits for the answer. */
  signal: AbortSignal;
}

/** The packet that the path names. @throws Refusal */
export const packetIdOf = ({ params }: LocalCall): PacketId => {
  const id = parsePacketId(params['id'] ?? '');
  if (id === null) throw notFound('packet');
  return id;
};

/** The facts of a call, the fencing token of its body included. @throws Refusal when two tokens contradict */
export const factsOf = (
  { facts }: LocalCall,
  { claim_id }: { claim_id?: string | null | undefined },
): CallFacts => {
  if (!claim_id) return facts;
  if (facts.claimId === undefined || facts.claimId === claim_id) return { ...facts, claimId: claim_id };
  const message = 'Send the same token in the body and beside it, or only one.';
  throw invalid([{ field: 'claim_id', code: 'contradiction', message }]);
};
