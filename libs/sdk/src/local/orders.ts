import { checkApproval, type Json, normalizeApproval, type PacketCommandData } from '#libs/packet';
import type { BodyName } from '../generated/bodies.js';
import type * as wire from '../generated/wire.js';
import { Refusal } from './refusal.js';
import { checkResponseSchema } from './structured-answers.js';
import { uuidv7 } from './uuid.js';

type Given<T, K extends keyof T> = { [F in K]?: NonNullable<T[F]> };

/** The fields that were given; an explicit null counts as left out. */
export const given = <T extends object, K extends keyof T>(body: T, ...names: K[]): Given<T, K> => {
  const kept: Given<T, K> = {};
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
};

export const claimData = (body: wire.ClaimPacketBody): PacketCommandData['claim'] => ({
  agent: { id: body.agent_id, name: body.agent_name ?? body.agent_id, ...given(body, 'framework') },
  claim_id: uuidv7(),
  ...given(body, 'lease_seconds'),
});

export const completeData = (
  body: Pick<wire.CompletePacketBody, 'agent_id' | 'result'>,
): PacketCommandData['complete'] => ({
  ...given(body, 'agent_id'),
  result: (body.result ?? null) as Json,
});

export const failData = (
  body: Partial<Pick<wire.FailPacketBody, 'agent_id' | 'code' | 'retryable'>> & {
    reason?: string | null | undefined;
  },
): PacketCommandData['fail'] => ({
  ...given(body, 'agent_id'),
  code: body.code ?? 'failed',
  reason: body.reason ?? 'The claimant gave no reason.',
  retryable: body.retryable ?? false,
  jitter: Math.random(),
});

/** @throws Refusal when the fields of the checkpoint contradict each other */
export const approvalData = (
  body: Pick<wire.RequestApprovalBody, 'hitl' | 'agent_id'>,
): PacketCommandData['request_approval'] => {
  const policy = normalizeApproval(body.hitl as Parameters<typeof normalizeApproval>[0]);
  const rejection = checkApproval(policy) ?? checkResponseSchema(policy);
  if (rejection !== null) throw new Refusal(rejection);
  return { policy, approval_id: uuidv7(), ...given(body, 'agent_id') };
};

const order = <T extends keyof PacketCommandData, B extends object>(
  type: T,
  body: BodyName,
  data: (body: B) => PacketCommandData[T],
) => ({ type, body, data: (value: object) => data(value as B) });

export const reasonData = (body: wire.ReasonBody) => given(body, 'agent_id', 'reason');

/** The commands that take one packet, and whose data is their body. */
export const orders = {
  commands_claim: order('claim', 'ClaimPacketBody', claimData),
  commands_start: order('start', 'StartPacketBody', (body: wire.StartPacketBody) =>
    given(body, 'agent_id', 'note'),
  ),
  commands_progress: order('progress', 'ReportProgressBody', (body: wire.ReportProgressBody) => ({
    percent: body.percent,
    ...given(body, 'agent_id', 'note'),
  })),
  commands_complete: order('complete', 'CompletePacketBody', completeData),
  commands_fail: order('fail', 'FailPacketBody', failData),
  commands_reject: order('reject', 'RejectPacketBody', (body: wire.RejectPacketBody) => ({
    reason: body.reason,
    ...given(body, 'agent_id'),
  })),
  commands_release: order('release', 'ReleasePacketBody', (body: wire.ReleasePacketBody) =>
    given(body, 'agent_id', 'reason', 'delay_seconds'),
  ),
  commands_requestApproval: order('request_approval', 'RequestApprovalBody', approvalData),
  commands_retry: order('retry', 'ReasonBody', reasonData),
  commands_cancel: order('cancel', 'ReasonBody', reasonData),
};
