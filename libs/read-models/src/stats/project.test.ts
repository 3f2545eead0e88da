import { describe, expect, it } from 'vitest';
import { acme, idOf, RecordedLog } from '../recorded.features.js';
import { binEnd, binOf, quantile } from './histogram.js';
import { projectStats, type StatsRow } from './project.js';

const told = () => {
  const log = new RecordedLog();
  const id = log.create({ metadata: { priority: 'high' } });
  log.create({ metadata: { priority: 'high' } });
  log.claim(id);
  log.complete(id);
  return log;
};

const counters = (rows: readonly StatsRow[]): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.counter === 'status' ? row.status : `${row.kind}`, row.delta]));

describe('the counters', () => {
  it('move with each change of status', () => {
    expect(counters(projectStats(told().changes()))).toEqual({
      created: 2,
      waiting_high: 1,
      claimed: 1,
      attempts: 1,
      completed: 1,
      time_to_claim: 1,
      time_to_complete: 1,
    });
    const statuses = projectStats(told().changes()).filter((row) => row.counter === 'status');
    expect(counters(statuses)).toEqual({
      ...{ created: 1, waiting_high: 1, claimed: 0, completed: 1 },
    });
  });

  it('count what waits under its priority, which may change', () => {
    const log = new RecordedLog();
    const id = log.create({ metadata: { priority: 'low' } });
    log.record(
      'packet.updated',
      { id },
      { patch: { metadata: { priority: 'critical', priority_level: 10 } } },
    );
    const waiting = projectStats(log.changes()).filter((row) => row.counter === 'status');
    expect(counters(waiting)).toEqual({ created: 1, waiting_low: 0, waiting_critical: 1 });
  });

  it('count attempts, lost claims and retries', () => {
    const log = new RecordedLog();
    const id = log.create({ metadata: { priority: 'high' } });
    log.claim(id);
    log.record('packet.claim_expired', { id }, { claim_id: 'claim', attempt: 1, dead_letter: true });
    log.record('packet.retried', { id }, {});
    expect(counters(projectStats(log.changes()))).toMatchObject({
      attempts: 1,
      claims_lost: 1,
      retried: 1,
      dead_letter: 0,
      waiting_high: 1,
    });
  });

  it('come to the same sums in one batch or many', () => {
    const sum = (rows: readonly StatsRow[]) => {
      const sums = new Map<string, number>();
      for (const { delta, ...row } of rows) {
        const key = JSON.stringify({ ...row, total_ms: undefined });
        sums.set(key, (sums.get(key) ?? 0) + delta);
      }
      return sums;
    };
    const changes = told().changes();
    expect(sum(changes.flatMap((change) => projectStats([change])))).toEqual(sum(projectStats(changes)));
  });

  it('count how checkpoints ended, and how long it took where people decided', () => {
    const log = new RecordedLog();
    const ask = { hitl: { reason: 'Why not' } };
    const vote = {
      approver: 'ana',
      response: 'No',
      responded_by: 'Ana',
      at: log.packet(log.create(ask)).created_at,
    };
    log.nowMs += 5_000;
    const data = { approval_id: 'approval-1', vote: { ...vote, decision: 'deny' as const } };
    log.record('packet.approval_responded', { id: idOf(1) }, { ...data, outcome: 'denied' });
    const late = log.create(ask);
    log.record('packet.approval_timed_out', { id: late }, { approval_id: 'approval-2', effect: 'approve' });
    const rows = projectStats(log.changes());
    expect(counters(rows)).toMatchObject({
      approvals_denied: 1,
      approvals_timed_out: 1,
      time_to_decision: 1,
    });
    expect(counters(rows)).not.toHaveProperty('approvals_approved');
    const decided = rows.find((row) => row.counter === 'activity' && row.kind === 'time_to_decision');
    expect(decided).toMatchObject({ total_ms: 5_010, delta: 1 });
  });

  it('count under the tenant and the hour of the event', () => {
    const [row] = projectStats(told().changes()).filter(({ counter }) => counter === 'activity');
    expect(row).toMatchObject({ tenant_id: acme, hour: '2026-01-01T12:00:00.000Z', kind: 'created' });
  });
});

describe('a histogram', () => {
  it('keeps each duration in a bin that ends at most 9 % above it', () => {
    for (const ms of [0, 1, 2, 9.5, 1_000, 86_400_000]) {
      expect(binEnd(binOf(ms))).toBeGreaterThanOrEqual(ms);
      expect(binEnd(binOf(ms))).toBeLessThanOrEqual(ms * 1.0906);
    }
    expect(binOf(-5)).toBe(0);
  });

  it('gives quantiles', () => {
    const bins = [10, 20, 30].map((ms, index) => ({ bin: binOf(ms), events: index === 2 ? 2 : 49 }));
    expect(quantile(bins, 0.95)).toBe(Math.round(binEnd(binOf(20))));
    expect(quantile(bins, 1)).toBe(Math.round(binEnd(binOf(30))));
    expect(quantile([], 0.95)).toBe(0);
  });
});
