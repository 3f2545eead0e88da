import { openApproval } from './asking.js';
import type { ApprovalPolicy, Chain } from './document.js';
import type { CommandMeta, NewPacket, PacketLimits } from './commands.js';
import { defined } from './defined.js';
import type { PacketEventData } from './events.js';
import { accept, refuse, rejection } from './outcome.js';
import type { Fact, Rule } from './outcome.js';
import type { Rejection } from './rejections.js';
import type { ExistingPacket } from './state.js';

/** Whether one agent stands so often in a chain's path that a person should look. */
export const isLoop = (path: string[], limits: PacketLimits): boolean => {
  const last = path.at(-1);
  return path.filter((agent) => agent === last).length >= limits.max_path_repeats;
};

/** The place of a child in its parent's chain, or why there is none. */
export const childChain = (
  parent: Pick<ExistingPacket, 'chain'>,
  sourceAgentId: string,
  limits: PacketLimits,
): { chain: Chain } | { rejection: Rejection } => {
  const { root_id, depth, path } = parent.chain;
  if (depth >= limits.max_chain_depth) {
    const detail = `A chain has at most ${limits.max_chain_depth} handoffs after its root.`;
    return { rejection: rejection('chain_too_deep', detail) };
  }
  return { chain: { root_id, depth: depth + 1, path: [...path, sourceAgentId] } };
};

const loopPolicy: ApprovalPolicy = {
  required: true,
  reason: 'handoff_loop',
  question: 'The same agents hand this work to each other again and again. Should it go on?',
  options: [
    { label: 'Approve', decision: 'approve' },
    { label: 'Deny', decision: 'deny' },
  ],
  strict_options: false,
  approvers: [],
  quorum: { approve: 1, deny: 1 },
  allow_agents: false,
  allow_edits: false,
  on_timeout: 'wait',
  escalation: [],
};

/** A loop asks people whatever the writer wanted; what the writer asked for stays part of the question. */
const policyFor = (hitl: ApprovalPolicy | undefined, loops: boolean): ApprovalPolicy | undefined => {
  if (!loops) return hitl;
  if (hitl === undefined || !hitl.required) return loopPolicy;
  return { ...hitl, reason: 'handoff_loop', question: hitl.question ?? hitl.reason };
};

/** Everything that the first event of a packet is made of. */
export interface Birth {
  packet: NewPacket;
  chain: Chain;
  trace_id: string;
  approval_id: string;
  limits: PacketLimits | undefined;
}

/** The data of `packet.created`, with the checkpoint that the packet starts at, if any. */
const bornOf = (birth: Birth, meta: CommandMeta): PacketEventData['packet.created'] => {
  const { content, terms } = birth.packet;
  const loops = birth.limits !== undefined && birth.chain.depth > 0 && isLoop(birth.chain.path, birth.limits);
  const policy = policyFor(birth.packet.hitl, loops);
  const requested_by = content.metadata.source_agent.id;
  const ask = { id: birth.approval_id, requested_by, requested_key: meta.principal.key_id, at: meta.now };
  return {
    content,
    terms,
    chain: birth.chain,
    trace_id: birth.trace_id,
    ...defined({
      approval: policy?.required ? openApproval(ask, policy, content) : undefined,
      hitl: policy?.required ? undefined : policy,
    }),
  };
};

/** The first facts of a packet: what it is, and to whom the router gives it if nobody was named. */
export const birthFacts = (
  birth: Birth,
  meta: CommandMeta,
  route: PacketEventData['packet.routed'] | undefined,
): Fact[] => {
  const created: Fact = { type: 'packet.created', data: bornOf(birth, meta) };
  const isNamed = birth.packet.content.metadata.target_agent !== undefined;
  return route === undefined || isNamed ? [created] : [created, { type: 'packet.routed', data: route }];
};

/** Whether the caller may hand work off in the name of the packet's source. */
const checkSource = ({ principal }: CommandMeta, { content }: NewPacket): Rejection | null => {
  const { source_agent } = content.metadata;
  if (principal.agent_id === undefined || principal.agent_id === source_agent.id) return null;
  const detail = `This key is bound to the agent "${principal.agent_id}" and cannot hand off as "${source_agent.id}".`;
  return rejection('forbidden', detail, { field: 'metadata.source_agent.id' });
};

/** Whether the source may hand to the target that it names; who looked that up says so with the command. */
const checkEdge = ({ content }: NewPacket, edge: 'forbidden' | undefined): Rejection | null => {
  const { source_agent, target_agent } = content.metadata;
  if (edge === undefined || target_agent === undefined) return null;
  const detail = `"${source_agent.id}" may not hand to "${target_agent.id}": choose another target, or ask an admin to allow it.`;
  return rejection('edge_not_allowed', detail, { field: 'metadata.target_agent.id' });
};

/** Whether the caller may make this handoff: in the name of its source, to its target. */
export const checkHandoff = (
  meta: CommandMeta,
  packet: NewPacket,
  edge: 'forbidden' | undefined,
): Rejection | null => checkSource(meta, packet) ?? checkEdge(packet, edge);

export const create: Rule<'create'> = ({ meta, data }) => {
  const { packet, trace_id, approval_id, limits, route, edge } = data;
  if (meta.principal.tenant_id !== meta.tenant_id && meta.principal.type !== 'system') {
    return refuse('not_found', 'There is no such tenant.');
  }
  const refused = checkHandoff(meta, packet, edge);
  if (refused !== null) return { rejection: refused };
  const root = { root_id: meta.packet_id, depth: 0, path: [packet.content.metadata.source_agent.id] };
  const birth = { packet, chain: data.chain ?? root, trace_id, approval_id, limits };
  return accept(...birthFacts(birth, meta, route));
};
