import type { UpdatePacketBody } from '#libs/contracts';
import type { PacketCommandData, PatchInput } from '#libs/packet';
import { invalid } from '../http/problem-error.js';
import { completeData, failData, given } from './simple-commands.js';

type StatusCommand = {
  [T in 'start' | 'complete' | 'fail']: { type: T; data: PacketCommandData[T] };
}['start' | 'complete' | 'fail'];

const contentFields = ['context', 'decisions', 'actions', 'dependencies', 'metadata'] as const;

/** The content that a PATCH sends, if any. */
export const contentOf = (body: UpdatePacketBody): PatchInput | undefined => {
  const sent = given(body, ...contentFields);
  return Object.keys(sent).length === 0 ? undefined : sent;
};

/** Which status each field of a command goes with. */
const goesWith = { result: 'completed', reason: 'failed', code: 'failed', retryable: 'failed' } as const;

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
    default:
      return undefined;
  }
};
