import {
  type Approval,
  type ExistingPacket,
  normalizePatch,
  type PacketCommandData,
  type PacketDocument,
  toApprovalDocument,
} from '#libs/packet';
import type { RespondBody } from '../generated/wire.js';
import { factsOf, type LocalCall, packetIdOf } from './call.js';
import { checked } from './checked.js';
import { packetOf } from './contents.js';
import { given } from './orders.js';
import { pageFields, pageOf } from './page.js';
import { invalid, notFound } from './refusal.js';
import { checkAnswer } from './structured-answers.js';
import { carryOut, localLimits, type Order, type Turn } from './turn.js';
import { uuidv7 } from './uuid.js';

interface Asking {
  packet: ExistingPacket;
  approval: Approval;
}

/** The last checkpoint of each packet that ever had one. */
const askingPackets = ({ draft }: Turn): Asking[] =>
  [...draft.allPackets()].map(packetOf).flatMap((packet) => {
    const { approval } = packet;
    return approval === undefined ? [] : [{ packet, approval }];
  });

const askingFor = (turn: Turn, id: string | undefined): Asking => {
  const found = askingPackets(turn).find(({ approval }) => approval.id === id);
  if (found === undefined) throw notFound('approval');
  return found;
};

export const getApproval = (turn: Turn, { params }: LocalCall) => {
  const { packet, approval } = askingFor(turn, params['id']);
  return toApprovalDocument(packet, approval);
};

const matchers: Record<string, (asking: Asking, text: string) => boolean> = {
  state: ({ approval }, text) => text.split(',').includes(approval.state),
  packet_id: ({ packet }, text) => packet.id === text.toLowerCase(),
  approver: ({ approval }, text) =>
    approval.approvers.length === 0 || approval.approvers.some(({ id }) => id === text),
};

const inboxEntry = ({ packet, approval }: Asking) => {
  const { metadata, context } = packet.content;
  return {
    ...toApprovalDocument(packet, approval),
    packet: {
      status: packet.status,
      summary: context.summary.slice(0, 500),
      priority_level: metadata.priority_level,
      source_agent: metadata.source_agent.id,
      target_agent: metadata.target_agent?.id ?? null,
    },
  };
};

const dueAt = ({ approval }: Asking): string => `${approval.expires_at ?? '~'} ${approval.requested_at}`;

/** Those that are due first come first; in every state unless one is asked for. */
export const listApprovals = (turn: Turn, { query }: LocalCall) => {
  const wanted = new URLSearchParams(query);
  for (const field of pageFields) wanted.delete(field);
  for (const field of wanted.keys())
    if (!Object.hasOwn(matchers, field))
      throw invalid([{ field, code: 'unknown_field', message: 'Local mode does not look for that.' }]);
  const all = askingPackets(turn)
    .filter((asking) => [...wanted].every(([field, text]) => matchers[field]?.(asking, text)))
    .sort((a, b) => (dueAt(a) < dueAt(b) ? -1 : 1));
  const { items, limit, next_cursor } = pageOf(all, query);
  return { approvals: items.map(inboxEntry), total: all.length, total_capped: false, limit, next_cursor };
};

const dataOf = (body: RespondBody, approval_id: string | undefined): PacketCommandData['respond'] => ({
  response: body.response,
  responded_by: body.responded_by,
  ...given(body, 'decision', 'notes'),
  ...(approval_id !== undefined && { approval_id }),
  ...((body.answer ?? null) !== null && {
    answer: body.answer as NonNullable<PacketCommandData['respond']['answer']>,
  }),
  ...(body.edits && {
    edits: normalizePatch(body.edits as Parameters<typeof normalizePatch>[0]),
    limits: localLimits,
  }),
  next_claim_id: uuidv7(),
});

/** Answers a checkpoint, named by its packet or by its own id. @throws Refusal */
export const respond = (turn: Turn, call: LocalCall, byApproval: boolean): PacketDocument => {
  const body = checked<RespondBody>('RespondBody', call.body);
  const asking = byApproval ? askingFor(turn, call.params['id']) : undefined;
  const id = asking?.packet.id ?? packetIdOf(call);
  const order = {
    id,
    type: 'respond',
    data: dataOf(body, asking?.approval.id),
    facts: factsOf(call, {}),
  } as const;
  checkAnswer(turn, order satisfies Order);
  return carryOut(turn, order).packet;
};
