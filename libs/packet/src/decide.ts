import { escalateApproval, remindApproval, timeOutApproval } from './approval-clock.js';
import { answeredBefore } from './answered.js';
import { respond } from './answering.js';
import { requestApproval } from './asking.js';
import { chain } from './chaining.js';
import { checkBefore } from './checks.js';
import { claim, loseClaim, release } from './claiming.js';
import type { PacketCommand, PacketCommandType } from './commands.js';
import { create } from './create.js';
import { cancel, expire, reject, retry, route } from './ending.js';
import { framedChild, framedFacts } from './frame.js';
import { refuse, rejection } from './outcome.js';
import type { Outcome, Rule } from './outcome.js';
import { checkCaller } from './standing.js';
import type { ExistingPacket, Packet } from './state.js';
import { update } from './updating.js';
import type { Verdict } from './verdict.js';
import { complete, fail, progress, start } from './working.js';

/** The rule of each command, for a packet in a status that the table allows it in. */
const rules: { [T in PacketCommandType]: Rule<T> } = {
  create,
  claim,
  start,
  progress,
  update,
  request_approval: requestApproval,
  respond,
  escalate_approval: escalateApproval,
  remind_approval: remindApproval,
  time_out_approval: timeOutApproval,
  complete,
  fail,
  reject,
  release,
  lose_claim: loseClaim,
  route,
  cancel,
  expire,
  retry,
  chain,
};

/** The compiler cannot see that a command and `rules` at its type belong together; the table says so. */
const applyRule = (command: PacketCommand, packet: Packet): Outcome =>
  (rules[command.type] as (command: PacketCommand, packet: Packet) => Outcome)(command, packet);

const nothing: Verdict = { kind: 'accepted', events: [] };

const verdictOf = (outcome: Outcome, command: PacketCommand, packet: Packet): Verdict => {
  if ('rejection' in outcome) return { kind: 'refused', rejection: outcome.rejection };
  const events = framedFacts({ command, packet }, outcome.facts);
  if (outcome.child === undefined) return { kind: 'accepted', events };
  return { kind: 'accepted', events, child: framedChild({ command, packet }, outcome.child, events.length) };
};

const misused = rejection(
  'idempotency_mismatch',
  'This idempotency key was used with another body: use a new key.',
);

/** The answer to a command that has been decided before; null when it has not. */
const replayOf = ({ meta }: PacketCommand, packet: ExistingPacket): Verdict | null => {
  const answered = answeredBefore(packet.answered, meta.command_id);
  if (answered !== undefined && meta.request_digest !== undefined) {
    return answered.digest === meta.request_digest
      ? { kind: 'replayed', revision: answered.revision }
      : { kind: 'refused', rejection: misused };
  }
  return packet.last_command === meta.command_id ? nothing : null;
};

/** The packet, if there is one for this caller: another tenant's is no other than none. */
const seenBy = ({ meta }: PacketCommand, packet: Packet): ExistingPacket | null => {
  const { tenant_id, type } = meta.principal;
  const isTenants = type === 'system' || tenant_id === meta.tenant_id;
  return packet.status !== 'absent' && packet.tenant_id === meta.tenant_id && isTenants ? packet : null;
};

const missing = (command: PacketCommand, packet: Packet): Outcome =>
  command.type === 'create' && packet.status === 'absent'
    ? create(command, packet)
    : refuse('not_found', 'There is no such packet.');

/**
 * What a command comes to, for a packet as it stands: events, nothing because it already is, the answer
 * that was given before, or a refusal. Pure: the same command and packet always get the same verdict.
 */
export const decide = (command: PacketCommand, packet: Packet): Verdict => {
  const forbidden = checkCaller(command);
  if (forbidden !== null) return { kind: 'refused', rejection: forbidden };
  const seen = seenBy(command, packet);
  if (seen === null) return verdictOf(missing(command, packet), command, packet);
  return (
    replayOf(command, seen) ??
    verdictOf(checkBefore(command, seen) ?? applyRule(command, seen), command, seen)
  );
};
