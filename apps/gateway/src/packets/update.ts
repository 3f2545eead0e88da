import type { UpdatePacketBody } from '#libs/contracts';
import type { PacketCommandData, PatchInput } from '#libs/packet';
import { invalid, invalidField } from '../http/problem-error.js';
import { completeData, failData, given, requestApprovalData } from './simple-commands.js';

type StatusCommandType = 'start' | 'complete' | 'fail' | 'request_approval';
type StatusCommand = {
  [T in StatusCommandType]: { type: T; data: PacketCommandData[T] };
}[StatusCommandType];

const contentFields = ['context', 'decisions', 'actions', 'dependencies', 'metadata'] as const;

/** The content that a PATCH sends, if any. */
export const contentOf = (body: UpdatePacketBody): PatchInput | undefined => {
  const sent = given(body, ...contentFields);
  return Object.keys(sent).length === 0 ? undefined : sent;
};

/** Which status each field of a command goes with. */
const goesWith = {
  result: 'completed',
  reason: 'failed',
  code: 'failed',
  retryable: 'failed',
  hitl: 'awaiting_human',
} as const;

const hasValue = (value: unknown): boolean => value !== undefined && value !== null;

const checkStatusFields = (body: UpdatePacketBody): void => {
  const fields = Object.keys(goesWith) as (keyof typeof goesWith)[];
  const stray = fields.filter((field) => hasValue(body[field]) && body.status !== goesWith[field]);
  if (stray.length === 0) return;
  throw invalid(
    stray.map((field) => ({
      field,
      code: 'stray_field',
      message: `Send it with status ${goesWith[field]} only.`,
    })),
  );
};

const askedOf = ({ hitl, ...body }: UpdatePacketBody): PacketCommandData['request_approval'] => {
  if (!hitl) throw invalidField('hitl', 'required', 'Say what is to be decided, and why.');
  return requestApprovalData({ hitl, ...body });
};

/** The command that `status` is short for. @throws ProblemError when its fields do not fit it */
export const statusCommand = (body: UpdatePacketBody): StatusCommand | undefined => {
  checkStatusFields(body);
  switch (body.status) {
    case 'in_progress':
      return { type: 'start', data: given(body, 'agent_id') };
    case 'completed':
      return { type: 'complete', data: completeData(body) };
    case 'failed':
      return { type: 'fail', data: failData(body) };
    case 'awaiting_human':
      return { type: 'request_approval', data: askedOf(body) };
    default:
      return undefined;
  }
};
