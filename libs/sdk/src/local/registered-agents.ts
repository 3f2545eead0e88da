import { after, type CreateInput, foldCapability, normalizeNewPacket, routableOf } from '#libs/packet';
import type { AgentDocument, RegisterAgentBody, RoutePreviewDocument } from '../generated/wire.js';
import type { LocalCall } from './call.js';
import { checked } from './checked.js';
import type { StoredAgent } from './contents.js';
import { given } from './orders.js';
import { pageOf } from './page.js';
import { invalid, notFound } from './refusal.js';
import { chooseAgent, routeWaiting } from './route-packets.js';
import type { Turn } from './turn.js';

/** Without heartbeats nobody is absent; the document says so with the time at which it is made. */
const presenceSeconds = 60;

const documentOf = ({ now }: Turn, agent: StoredAgent): AgentDocument => ({
  ...agent,
  present: true,
  seen_at: now,
});

const agentOf = ({ draft }: Turn, { params }: LocalCall): StoredAgent => {
  const agent = draft.agent(params['agent_id'] ?? '');
  if (agent === undefined) throw notFound('agent');
  return agent;
};

const newIdOf = ({ params }: LocalCall): string => {
  const id = params['agent_id'] ?? '';
  if (id === 'human' || id === '*')
    throw invalid([
      { field: 'agent_id', code: 'reserved', message: `"${id}" stands for others: take another id.` },
    ]);
  if (id.length === 0 || id.length > 256)
    throw invalid([{ field: 'agent_id', code: 'wrong_form', message: 'An id has 1 to 256 characters.' }]);
  return id;
};

/** Registers an agent or replaces what is known of it; packets that waited for such a one go to it. */
export const registerAgent = (turn: Turn, call: LocalCall): AgentDocument => {
  const { draft, now } = turn;
  const id = newIdOf(call);
  const body = checked<RegisterAgentBody>('RegisterAgentBody', call.body);
  const agent: StoredAgent = {
    id,
    name: body.name,
    capabilities: [...new Set((body.capabilities ?? []).map(foldCapability))],
    ...given(body, 'framework', 'max_concurrency', 'metadata', 'description'),
    created_at: draft.agent(id)?.created_at ?? now,
    updated_at: now,
  };
  draft.agents.set(id, agent);
  routeWaiting(turn);
  return documentOf(turn, agent);
};

export const getAgent = (turn: Turn, call: LocalCall): AgentDocument => documentOf(turn, agentOf(turn, call));

export const removeAgent = (turn: Turn, call: LocalCall): undefined => {
  turn.draft.agents.set(agentOf(turn, call).id, undefined);
};

export const beatAgent = (turn: Turn, call: LocalCall) => ({
  agent_id: agentOf(turn, call).id,
  seen_at: turn.now,
  present_until: after(turn.now, presenceSeconds),
});

/** By id; those that have all of the capabilities asked for. */
export const listAgents = (turn: Turn, { query }: LocalCall) => {
  const wanted = query.getAll('capability').flatMap((text) => text.split(','));
  const folded = wanted.filter((text) => text !== '').map(foldCapability);
  const isAsked = query.get('present') !== 'false';
  const all = turn.draft
    .allAgents()
    .filter(({ capabilities }) => isAsked && folded.every((one) => capabilities.includes(one)));
  const { items, limit, next_cursor } = pageOf(all, query);
  return { agents: items.map((agent) => documentOf(turn, agent)), total: all.length, limit, next_cursor };
};

/** To whom such a packet would go. */
export const previewRoute = (turn: Turn, { body }: LocalCall): RoutePreviewDocument => {
  const packet = normalizeNewPacket(checked<CreateInput>('PreviewRouteBody', body), { now: turn.now });
  const { target_agent } = packet.content.metadata;
  if (target_agent !== undefined)
    return { target: target_agent, candidates: [], strategy: 'named', confidence: 1 };
  const decision = chooseAgent(turn, routableOf(packet));
  return 'unrouted' in decision ? { target: null, reason: decision.unrouted } : decision;
};
