import type { PacketCommand, PacketCommandType } from './commands.js';
import { commandsFrom, isTerminal, timerCommands } from './lifecycle.js';
import { quiet, refuse } from './outcome.js';
import type { Outcome } from './outcome.js';
import { repeats } from './repeats.js';
import { actingAgent, checkStanding, claimOf, isAdmin } from './standing.js';
import type { ExistingPacket } from './state.js';

/** Looks at a command before its rule does; null: nothing against it. */
type Check = (command: PacketCommand, packet: ExistingPacket) => Outcome | null;

const isAllowed = (type: PacketCommandType, packet: ExistingPacket): boolean =>
  commandsFrom(packet.status).includes(type);

const isTimer = (type: PacketCommandType): boolean => (timerCommands as readonly string[]).includes(type);

/** A timer that fires after its reason has gone has nothing to say. */
const lateTimer: Check = ({ type }, packet) => (isTimer(type) && !isAllowed(type, packet) ? quiet : null);

const existing: Check = ({ type }, { id }) =>
  type === 'create' ? refuse('already_exists', `A packet with the id ${id} exists already.`) : null;

/** A holder that lost its claim hears so first: whatever else is wrong, it must stop. */
const staleToken: Check = ({ meta, type }, packet) => {
  if (meta.claim_id === undefined || !heeding.includes(type)) return null;
  const held = claimOf(packet);
  if (held === undefined ? isTerminal(packet.status) : held.claim_id === meta.claim_id) return null;
  return refuse('stale_claim', 'This claim is over: stop, and claim the packet again if it is offered.', {
    status: packet.status,
  });
};

const standing: Check = (command, packet) => {
  const rejection = checkStanding(command, packet);
  return rejection && { rejection };
};

const revision: Check = ({ meta }, packet) =>
  meta.expected_revision === undefined || meta.expected_revision === packet.revision
    ? null
    : refuse(
        'revision_mismatch',
        `The packet is at revision ${packet.revision}, not ${meta.expected_revision}: read it again and decide anew.`,
        { revision: packet.revision },
      );

/** What can still be done with a packet whose time is over. */
const afterExpiry: readonly PacketCommandType[] = ['cancel', 'retry', ...timerCommands];

const isOver = (packet: ExistingPacket, now: string): boolean =>
  packet.status === 'expired' ||
  (!isTerminal(packet.status) && packet.terms.expires_at !== undefined && packet.terms.expires_at <= now);

const expiry: Check = ({ type, meta }, packet) =>
  isOver(packet, meta.now) && !afterExpiry.includes(type)
    ? refuse('packet_expired', `The packet expired at ${packet.terms.expires_at ?? packet.updated_at}.`, {
        status: packet.status,
      })
    : null;

const repetition: Check = (command, packet) => (repeats(command, packet) ? quiet : null);

const notAwaiting = ({ status, approval }: ExistingPacket): Outcome | null => {
  if (approval === undefined) return null;
  return approval.state === 'timed_out'
    ? refuse('approval_timed_out', 'Nobody answered in time; the checkpoint is over.', { status })
    : refuse('approval_closed', `The checkpoint is over: it is ${approval.state}.`, { status });
};

const whileAwaiting = (type: PacketCommandType): Outcome | null =>
  type === 'retry'
    ? null
    : refuse('awaiting_human', 'The packet waits for a person to decide.', { status: 'awaiting_human' });

const whileClaimed = (packet: ExistingPacket): Outcome | null => {
  const held = claimOf(packet)?.agent.id;
  if (held === undefined || isTerminal(packet.status)) return null;
  return refuse('already_claimed', `The packet is claimed by "${held}".`, {
    status: packet.status,
    claimed_by: held,
  });
};

/** The refusal that says more than that the transition is not in the table. */
const tellingRefusal = (type: PacketCommandType, packet: ExistingPacket): Outcome | null => {
  if (type === 'respond') return notAwaiting(packet);
  if (packet.status === 'awaiting_human') return whileAwaiting(type);
  return type === 'claim' ? whileClaimed(packet) : null;
};

const transition: Check = ({ type }, packet) => {
  if (isAllowed(type, packet)) return null;
  const allowed = [...commandsFrom(packet.status)].filter(
    (command) => !isTimer(command) && command !== 'route',
  );
  const can = allowed.length === 0 ? 'nothing more' : allowed.join(', ');
  return (
    tellingRefusal(type, packet) ??
    refuse(
      'invalid_transition',
      `A packet that is ${packet.status} cannot take ${type}; it can take ${can}.`,
      {
        status: packet.status,
        allowed,
      },
    )
  );
};

/** The commands that a claim's holder sends, and that its token guards. */
const fenced: readonly PacketCommandType[] = [
  'start',
  'progress',
  'update',
  'complete',
  'fail',
  'release',
  'request_approval',
];

/** Those that heed a token if they are given one. */
const heeding: readonly PacketCommandType[] = [...fenced, 'reject', 'chain'];

const needsToken = (command: PacketCommand, packet: ExistingPacket): boolean => {
  const { type, meta } = command;
  if (!fenced.includes(type) || meta.principal.type === 'system') return false;
  // Those who act beside the holder cannot have its token.
  if (type === 'release') return !isAdmin(meta.principal);
  const source = packet.content.metadata.source_agent.id;
  return !(
    type === 'request_approval' &&
    actingAgent(command) === source &&
    claimOf(packet)?.agent.id !== source
  );
};

const missingToken: Check = (command, packet) =>
  command.meta.claim_id === undefined &&
  claimOf(packet)?.lease_seconds !== undefined &&
  needsToken(command, packet)
    ? refuse('claim_token_required', 'The packet was claimed with a lease: send the claim_id of the claim.')
    : null;

const checks = [
  existing,
  lateTimer,
  staleToken,
  standing,
  revision,
  expiry,
  repetition,
  transition,
  missingToken,
];

/**
 * What stands against a command before its rule is asked, the most telling first: a token that is over, a
 * caller without the right, a revision that is not seen, time that is up, then the lifecycle's table.
 */
export const checkBefore: Check = (command, packet) => {
  for (const check of checks) {
    const outcome = check(command, packet);
    if (outcome !== null) return outcome;
  }
  return null;
};
