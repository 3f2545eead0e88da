import type { PacketCommand, PacketCommandType, Principal, Role } from './commands.js';
import type { Claim } from './document.js';
import { rejection } from './outcome.js';
import type { Rejection, RejectionCode } from './rejections.js';
import type { ExistingPacket } from './state.js';

const rank = { reader: 0, approver: 0, agent: 1, writer: 2, admin: 3 } as const satisfies Record<
  Role,
  number
>;

/** The least role for each command; `approver` is beside the ladder and may only respond. */
const roleFor = {
  create: 'writer',
  claim: 'agent',
  start: 'agent',
  progress: 'agent',
  update: 'agent',
  request_approval: 'agent',
  // Agents may answer where the checkpoint says so; the rule looks.
  respond: 'agent',
  complete: 'agent',
  fail: 'agent',
  reject: 'agent',
  release: 'agent',
  cancel: 'writer',
  retry: 'writer',
  chain: 'writer',
  escalate_approval: 'system',
  remind_approval: 'system',
  time_out_approval: 'system',
  lose_claim: 'system',
  route: 'system',
  expire: 'system',
} as const satisfies Record<PacketCommandType, Role | 'system'>;

const forbidden = (detail: string): Rejection => rejection('forbidden', detail);

/** What the key's role allows, whatever the packet. */
const checkRole = ({ type, meta: { principal } }: PacketCommand): Rejection | null => {
  if (principal.type === 'system') return null;
  const needed = roleFor[type];
  if (needed === 'system') return forbidden(`Only the rail itself sends ${type}.`);
  if (type === 'respond' && principal.role === 'approver') return null;
  if (rank[principal.role] >= rank[needed]) return null;
  return forbidden(`A key with the role ${principal.role} cannot ${type}; it needs ${needed}.`);
};

/** The agent that the caller says it is. */
export const namedAgent = ({ type, data }: PacketCommand): string | undefined => {
  if (type === 'claim') return data.agent.id;
  return 'agent_id' in data ? data.agent_id : undefined;
};

/** The agent that the caller acts as: a bound key's own, else the named one; absent: any of the tenant. */
export const actingAgent = (command: PacketCommand): string | undefined =>
  command.meta.principal.agent_id ?? namedAgent(command);

export const isAdmin = (principal: Principal): boolean =>
  principal.type === 'system' || principal.role === 'admin';

/** The claim that the packet is held by, or was when it ended or began to wait for a person. */
export const claimOf = (packet: ExistingPacket): Claim | undefined => {
  if (packet.status === 'awaiting_human') return packet.resume?.claim;
  return 'claim' in packet ? packet.claim : undefined;
};

type Party = 'claimant' | 'source' | 'target';
const refusalOf = {
  claimant: 'not_the_claimant',
  source: 'not_the_source',
  target: 'not_the_target',
} as const satisfies Record<Party, RejectionCode>;

/** Who may ask what of a packet that is claimed, and of one that is not. */
const entitled: Partial<Record<PacketCommandType, { held: Party[]; free: Party[] }>> = {
  start: { held: ['claimant'], free: [] },
  progress: { held: ['claimant'], free: [] },
  complete: { held: ['claimant'], free: [] },
  fail: { held: ['claimant'], free: [] },
  release: { held: ['claimant'], free: [] },
  update: { held: ['claimant'], free: ['source'] },
  request_approval: { held: ['claimant', 'source'], free: ['source'] },
  chain: { held: ['claimant', 'source'], free: ['source'] },
  reject: { held: ['claimant', 'target'], free: ['target'] },
  cancel: { held: ['source'], free: ['source'] },
  retry: { held: ['source'], free: ['source'] },
};

/** Where an admin may act without being, or naming, the agent whose right it is. */
const adminsOwn: readonly PacketCommandType[] = ['release', 'cancel', 'retry'];

const idOf = (packet: ExistingPacket, party: Party): string | undefined => {
  if (party === 'claimant') return claimOf(packet)?.agent.id;
  const { source_agent, target_agent } = packet.content.metadata;
  return party === 'source' ? source_agent.id : target_agent?.id;
};

/** Whether the caller may act as the packet's target; people take packets addressed to `human`. */
export const isTarget = (principal: Principal, agent: string | undefined, target: string): boolean =>
  target === 'human'
    ? principal.type === 'human' || principal.agent_id === undefined
    : agent === undefined || agent === target;

const is = (command: PacketCommand, packet: ExistingPacket, party: Party): boolean => {
  const agent = actingAgent(command);
  const id = idOf(packet, party);
  if (party === 'target' && id !== undefined) return isTarget(command.meta.principal, agent, id);
  return agent === undefined || agent === id;
};

const partiesOf = ({ type }: PacketCommand, packet: ExistingPacket): Party[] => {
  const rights = entitled[type];
  return (claimOf(packet) === undefined ? rights?.free : rights?.held) ?? [];
};

/** Whether the caller has its right as an admin only; the event says so. */
export const actsAsAdmin = (command: PacketCommand, packet: ExistingPacket): boolean => {
  const { principal } = command.meta;
  if (principal.type === 'system' || principal.role !== 'admin') return false;
  const agent = actingAgent(command);
  return (
    partiesOf(command, packet).length > 0 &&
    !partiesOf(command, packet).some((p) => idOf(packet, p) === agent)
  );
};

const mayOverride = (command: PacketCommand): boolean =>
  isAdmin(command.meta.principal) && (namedAgent(command) === undefined || adminsOwn.includes(command.type));

/** Whether a bound key stays itself: it names no other agent than its own. */
const checkBinding = (command: PacketCommand): Rejection | null => {
  const bound = command.meta.principal.agent_id;
  const named = namedAgent(command);
  if (bound === undefined || named === undefined || bound === named) return null;
  return forbidden(`This key is bound to the agent "${bound}" and cannot act as "${named}".`);
};

/** Whether the caller is who the command belongs to. */
export const checkStanding = (command: PacketCommand, packet: ExistingPacket): Rejection | null => {
  const parties = partiesOf(command, packet);
  const [first] = parties;
  if (first === undefined || mayOverride(command)) return null;
  if (parties.some((party) => is(command, packet, party))) return null;
  const names = parties.map((party) => `the ${party}${nameOf(packet, party)}`).join(' or ');
  return rejection(refusalOf[first], `Only ${names} can ${command.type} this packet.`);
};

const nameOf = (packet: ExistingPacket, party: Party): string => {
  const id = idOf(packet, party);
  return id === undefined ? '' : ` ("${id}")`;
};

/** What a caller may not ask of any packet: by its role, or as another agent than the key is bound to. */
export const checkCaller = (command: PacketCommand): Rejection | null =>
  checkRole(command) ?? checkBinding(command);
