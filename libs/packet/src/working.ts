import { backoffFor } from './backoff.js';
import { defined } from './defined.js';
import { accept } from './outcome.js';
import type { Rule } from './outcome.js';

export const start: Rule<'start'> = ({ data }) =>
  accept({ type: 'packet.started', data: defined({ note: data.note }) });

export const progress: Rule<'progress'> = ({ data }) =>
  accept({ type: 'packet.progressed', data: { percent: data.percent, ...defined({ note: data.note }) } });

export const complete: Rule<'complete'> = ({ data }, packet) =>
  accept({ type: 'packet.completed', data: { claim_id: packet.claim.claim_id, result: data.result } });

export const fail: Rule<'fail'> = ({ meta, data }, packet) => {
  const { code, reason, retryable, jitter } = data;
  const next = retryable ? backoffFor(packet, meta.now, jitter) : { offered_again: false };
  return accept({
    type: 'packet.failed',
    data: { code, reason, retryable, claim_id: packet.claim.claim_id, ...defined({ ...next }) } as const,
  });
};
