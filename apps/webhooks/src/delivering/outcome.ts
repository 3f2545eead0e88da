import type { SettledAttempt, TakenDelivery } from '#libs/deliveries';
import { failureOf, judge, type Posted, type Verdict } from '#libs/hooks';
import { instantAt } from '#libs/packet';
import type { Logger } from '#libs/service-kit';
import { countAttempt, countDelivered } from '../metrics.js';

/** What an attempt comes to, and how it is written down. */
export interface Outcome {
  verdict: Verdict;
  settled: SettledAttempt;
}

/** What a log line says of a delivery. */
export const factsOf = ({ id, hook_id, packet_id, tenant_id, traceparent }: TakenDelivery) => ({
  ...{ delivery_id: id, hook_id, packet_id, tenant_id },
  trace_id: traceparent.split('-')[1],
});

/** Attempts of this life of a delivery, the one under way included. */
const attemptOf = ({ attempt_count, spent }: TakenDelivery): number => attempt_count - spent + 1;

/** Judges an attempt that has ended just now. */
export const outcomeOf = (delivery: TakenDelivery, posted: Posted, schedule: readonly number[]): Outcome => {
  const now = Date.now();
  const common = { posted, attempt: attemptOf(delivery), schedule };
  const verdict = judge({ ...common, random: Math.random(), now: instantAt(now) });
  const attempt = {
    at: instantAt(now - posted.duration_ms),
    status_code: posted.status_code ?? null,
    duration_ms: posted.duration_ms,
    error: failureOf(posted),
    response_excerpt: posted.response_excerpt ?? null,
  };
  const { id, hook_id, attempt_count } = delivery;
  return { verdict, settled: { id, hook_id, attempt_count, attempt, ...verdict } };
};

/** Counts an outcome, and logs one that is none too good. */
export const tellOutcome = (logger: Logger, delivery: TakenDelivery, { verdict, settled }: Outcome): void => {
  const { error, duration_ms } = settled.attempt;
  countAttempt(verdict.status, duration_ms);
  if (verdict.status === 'delivered') return countDelivered(delivery.occurred_at);
  const facts = { ...factsOf(delivery), attempt: attemptOf(delivery), error };
  if (verdict.status === 'dead_letter') logger.warn(facts, 'a delivery is a dead letter');
  else logger.debug(facts, 'an attempt to deliver failed');
};
