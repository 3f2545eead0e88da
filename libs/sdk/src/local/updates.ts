import { normalizePatch, type PacketDocument } from '#libs/packet';
import type { UpdatePacketBody } from '../generated/wire.js';
import { factsOf, type LocalCall, packetIdOf } from './call.js';
import { checked } from './checked.js';
import { approvalData, completeData, failData, given } from './orders.js';
import { invalid } from './refusal.js';
import { carryOut, localLimits, type Order, type Turn } from './turn.js';
import { uuidv7 } from './uuid.js';

/** Which status each field of a command goes with. */
const goesWith = {
  result: 'completed',
  reason: 'failed',
  code: 'failed',
  retryable: 'failed',
  hitl: 'awaiting_human',
} as const;

const fields = Object.keys(goesWith) as (keyof typeof goesWith)[];

const checkStatusFields = (body: UpdatePacketBody): void => {
  const stray = fields.filter((field) => (body[field] ?? null) !== null && body.status !== goesWith[field]);
  if (stray.length === 0) return;
  throw invalid(
    stray.map((field) => ({
      field,
      code: 'stray_field',
      message: `Send it with status ${goesWith[field]} only.`,
    })),
  );
};

type Step = Pick<Order, 'type' | 'data'>;

/** The command that `status` is short for. */
const statusStep = (body: UpdatePacketBody): Step | undefined => {
  checkStatusFields(body);
  if (body.status === 'in_progress') return { type: 'start', data: given(body, 'agent_id') };
  if (body.status === 'completed') return { type: 'complete', data: completeData(body) };
  if (body.status === 'failed') return { type: 'fail', data: failData(body) };
  if (body.status !== 'awaiting_human') return undefined;
  if (!body.hitl)
    throw invalid([{ field: 'hitl', code: 'required', message: 'Say what is to be decided, and why.' }]);
  return { type: 'request_approval', data: approvalData({ ...body, hitl: body.hitl }) };
};

const contentOf = (body: UpdatePacketBody): object =>
  given(body, 'context', 'decisions', 'actions', 'dependencies', 'metadata');

const updateStep = (body: UpdatePacketBody, content: object): Step => ({
  type: 'update',
  data: {
    patch: normalizePatch(content),
    limits: localLimits,
    approval_id: uuidv7(),
    ...given(body, 'agent_id'),
  },
});

/** Changes content, then status: both or neither. @throws Refusal */
export const updatePacket = (turn: Turn, call: LocalCall): PacketDocument => {
  const body = checked<UpdatePacketBody>('UpdatePacketBody', call.body);
  const [content, status] = [contentOf(body), statusStep(body)];
  const base = { id: packetIdOf(call), facts: factsOf(call, body) };
  const isContent = Object.keys(content).length > 0 || status === undefined;
  const updated = isContent ? carryOut(turn, { ...base, ...updateStep(body, content) } as Order) : undefined;
  if (status === undefined && updated !== undefined) return updated.packet;
  // The second step is on the revision that the first has made.
  const facts = updated === undefined ? base.facts : { ...base.facts, ifMatch: undefined };
  return carryOut(turn, { ...base, ...status, facts } as Order).packet;
};
