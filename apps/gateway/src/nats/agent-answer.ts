import { agentAnswerHeaders } from '#libs/contracts';
import { newTraceId } from '#libs/event-log';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { InnerAnswer } from '../http/inner-requests.js';
import type { ProblemError } from '../http/problem-error.js';
import { documentOf } from '../http/problems.js';

/** About a connection that is not there. */
const ofTransport = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);
/** What a server counts beside the body. */
const headRoom = 16 * 1_024;

const codeOf = ({ body }: InnerAnswer): string => {
  try {
    return String((JSON.parse(body.toString()) as { code?: unknown }).code ?? '');
  } catch {
    return '';
  }
};

/** The headers of an answer on NATS. */
export const answerHeaders = (answer: InnerAnswer): MsgHdrs => {
  const told = headers();
  told.set(agentAnswerHeaders.status, String(answer.status));
  for (const [name, value] of Object.entries(answer.headers))
    if (!ofTransport.has(name)) told.set(name, value);
  if (answer.status < 400) return told;
  told.set(agentAnswerHeaders.errorCode, String(answer.status));
  told.set(agentAnswerHeaders.error, codeOf(answer));
  return told;
};

/** A problem that no route met. */
export const problemAnswer = (error: ProblemError, subject: string): InnerAnswer => {
  const document = documentOf(error, { instance: subject, trace_id: newTraceId() });
  return {
    status: document.status,
    headers: { 'content-type': 'application/problem+json' },
    body: Buffer.from(JSON.stringify(document)),
  };
};

/** Whether a message can hold the answer. */
export const fits = ({ body }: InnerAnswer, maxPayload: number): boolean =>
  body.length + headRoom <= maxPayload;
