import type { CreatePacketBody, HitlBody, PacketDocument } from '#libs/sdk';

const hitlFields = [
  ...[
    'required',
    'reason',
    'question',
    'options',
    'strict_options',
    'response_schema',
    'approvers',
    'quorum',
  ],
  ...['allow_agents', 'allow_edits', 'timeout_seconds', 'on_timeout', 'escalation', 'remind_before_seconds'],
];

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

const given = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value))) as T;

/** What somebody decided on the packet before it was exported, its copy asks for again. */
const hitlOf = ({ hitl }: PacketDocument): HitlBody | null => {
  if (hitl === null) return null;
  const kept = Object.entries(hitl).filter(([name, value]) => hitlFields.includes(name) && isGiven(value));
  return Object.fromEntries(kept) as unknown as HitlBody;
};

/** As if it was the packet's own: where it was taken over from is not there. */
const own = <T extends { inherited_from?: unknown }>(entries: T[] | null | undefined): T[] =>
  (entries ?? []).map(({ inherited_from: _from, ...entry }) => given(entry) as T);

const contentOf = ({ context, decisions, actions, dependencies }: PacketDocument) => ({
  context: given({
    summary: context.summary,
    conversation_state: own(context.conversation_state),
    artifacts: own(context.artifacts),
    custom: context.custom,
  }),
  decisions: own(decisions),
  dependencies: own(dependencies),
  actions: given({
    pending: own(actions.pending),
    completed: own(actions.completed),
    failed: own(actions.failed),
  }),
});

/** The body that makes such a packet anew, as a child of `parent` if there is one. */
export const bodyOf = (packet: PacketDocument, parent: string | undefined): CreatePacketBody => {
  const { source_agent, target_agent, priority_level, tags, reason, deadline } = packet.metadata;
  return given({
    ...contentOf(packet),
    metadata: given({ source_agent, target_agent, priority: priority_level, tags, reason, deadline }),
    hitl: hitlOf(packet),
    routing: packet.routing,
    claim_policy: packet.claim_policy,
    retry: packet.retry,
    expires_at: packet.expires_at,
    schema_id: packet.schema_id,
    parent_packet_id: parent,
  });
};
