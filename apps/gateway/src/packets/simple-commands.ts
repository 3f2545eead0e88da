import {
  type BodyClass,
  ClaimPacketBody,
  CompletePacketBody,
  FailPacketBody,
  ReasonBody,
  RejectPacketBody,
  ReleasePacketBody,
  ReportProgressBody,
  RequestApprovalBody,
  StartPacketBody,
} from '#libs/contracts';
import { uuidv7 } from '#libs/event-log';
import { checkApproval, type Json, normalizeApproval, type PacketCommandData } from '#libs/packet';
import { refused } from '../http/problem-error.js';
import { checkResponseSchema } from './response-schema.js';

/** The fields that were given; an explicit null counts as left out. */
type Given<T, K extends keyof T> = { [F in K]?: NonNullable<T[F]> };

export const given = <T extends object, K extends keyof T>(body: T, ...names: K[]): Given<T, K> => {
  const kept: Given<T, K> = {};
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
};

/** How the body of one command becomes its data. */
interface SimpleCommand<T extends keyof PacketCommandData, B extends object> {
  body: BodyClass<B>;
  data: (body: B) => PacketCommandData[T];
}

const command = <T extends keyof PacketCommandData, B extends object>(
  _type: T,
  body: BodyClass<B>,
  data: SimpleCommand<T, B>['data'],
) => ({ body, data: (value: object) => data(value as B) });

/** A claim in the words of its body, under a new fencing id. */
const claimData = (body: ClaimPacketBody): PacketCommandData['claim'] => ({
  agent: { id: body.agent_id, name: body.agent_name ?? body.agent_id, ...given(body, 'framework') },
  claim_id: uuidv7(),
  ...given(body, 'lease_seconds'),
});

export const completeData = (body: {
  agent_id?: string;
  result?: unknown;
}): PacketCommandData['complete'] => ({
  ...given(body, 'agent_id'),
  result: (body.result ?? null) as Json,
});

export const failData = (
  body: Partial<Pick<FailPacketBody, 'agent_id' | 'code' | 'reason' | 'retryable'>>,
): PacketCommandData['fail'] => ({
  ...given(body, 'agent_id'),
  code: body.code ?? 'failed',
  reason: body.reason ?? 'The claimant gave no reason.',
  retryable: body.retryable ?? false,
  // The domain has no dice: it is given its spread of the wait.
  jitter: Math.random(),
});

/** A checkpoint in the words of its body, under a new id. @throws ProblemError when its fields contradict */
export const requestApprovalData = ({
  hitl,
  ...body
}: Pick<RequestApprovalBody, 'hitl' | 'agent_id'>): PacketCommandData['request_approval'] => {
  const policy = normalizeApproval(hitl);
  const rejection = checkApproval(policy) ?? checkResponseSchema(policy);
  if (rejection !== null) throw refused(rejection);
  return { policy, approval_id: uuidv7(), ...given(body, 'agent_id') };
};

/** The commands that take one packet, and whose data is their body. */
export const simpleCommands = {
  claim: command('claim', ClaimPacketBody, claimData),
  start: command('start', StartPacketBody, (body) => given(body, 'agent_id', 'note')),
  progress: command('progress', ReportProgressBody, (body) => ({
    percent: body.percent,
    ...given(body, 'agent_id', 'note'),
  })),
  complete: command('complete', CompletePacketBody, completeData),
  fail: command('fail', FailPacketBody, failData),
  reject: command('reject', RejectPacketBody, (body) => ({
    reason: body.reason,
    ...given(body, 'agent_id'),
  })),
  release: command('release', ReleasePacketBody, (body) =>
    given(body, 'agent_id', 'reason', 'delay_seconds'),
  ),
  request_approval: command('request_approval', RequestApprovalBody, requestApprovalData),
  retry: command('retry', ReasonBody, (body) => given(body, 'agent_id', 'reason')),
  cancel: command('cancel', ReasonBody, (body) => given(body, 'agent_id', 'reason')),
};

export type SimpleCommandType = keyof typeof simpleCommands;
