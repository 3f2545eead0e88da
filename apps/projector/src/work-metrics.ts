import { epochOf, type PacketEventType } from '#libs/packet';
import type { Backlog, Change } from '#libs/read-models';
import { Counter, Gauge, Histogram } from 'prom-client';

const attempts = new Counter({
  name: 'handoffrail_attempts_total',
  help: 'Claims granted.',
});

const attemptsEnded = new Counter({
  name: 'handoffrail_attempts_ended_total',
  help: 'Claims that ended, by how; lost ones had no heartbeat in time.',
  labelNames: ['outcome'],
});

const timeToClaim = new Histogram({
  name: 'handoffrail_time_to_claim_seconds',
  help: 'From the creation of a packet to its first claim.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 86_400],
});

const outcomes: Partial<Record<PacketEventType, string>> = {
  'packet.completed': 'completed',
  'packet.failed': 'failed',
  'packet.claim_expired': 'lost',
  'packet.released': 'released',
  'packet.rejected': 'rejected',
};

const observeChange = ({ event, before, after }: Change): void => {
  if (before.status === 'absent' || after.status === 'absent') return;
  const outcome = 'claim' in before ? outcomes[event.type] : undefined;
  if (outcome !== undefined) attemptsEnded.inc({ outcome });
  if (after.attempt > before.attempt) attempts.inc();
  if (after.first_claimed_at === undefined || before.first_claimed_at !== undefined) return;
  const waitedMs = epochOf(after.first_claimed_at) - epochOf(after.created_at);
  timeToClaim.observe(Math.max(0, waitedMs) / 1_000);
};

/** Counts what changes mean for the work that is shared out. */
export const observeWork = (changes: readonly Change[]): void => changes.forEach(observeChange);

/** So often at most Postgres is asked, however many scrape. */
const freshMs = 5_000;

let ask: (() => Promise<Backlog>) | undefined;
let asked: { at: number; answer: Promise<Backlog> } | undefined;

/** Says whom to ask, at a scrape, what waits. */
export const observeBacklog = (source: () => Promise<Backlog>): void => {
  ask = source;
  asked = undefined;
};

const backlog = (): Promise<Backlog> | undefined => {
  const now = performance.now();
  if (ask !== undefined && (asked === undefined || now - asked.at > freshMs))
    asked = { at: now, answer: ask() };
  return asked?.answer;
};

interface Shown {
  name: string;
  help: string;
  show: (gauge: Gauge, backlog: Backlog) => void;
  labelNames?: string[];
}

const gauge = ({ show, ...about }: Shown): Gauge =>
  new Gauge({
    ...about,
    async collect() {
      try {
        const now = await backlog();
        if (now !== undefined) show(this, now);
      } catch {
        // Postgres does not answer: the scrape shows the last value, and readiness tells the reason.
      }
    },
  });

gauge({
  name: 'handoffrail_backlog_packets',
  help: 'Packets that wait to be claimed.',
  labelNames: ['priority'],
  show: (it, { waiting }) => {
    for (const [priority, packets] of Object.entries(waiting)) it.set({ priority }, packets);
  },
});
gauge({
  name: 'handoffrail_oldest_waiting_seconds',
  help: 'Since the packet on offer that has waited longest was offered, or changed; 0 when none waits.',
  show: (it, { oldest_waiting_seconds }) => it.set(oldest_waiting_seconds ?? 0),
});
gauge({
  name: 'handoffrail_overdue_packets',
  help: 'Live packets past their deadline; of each tenant and status only 10,001 are counted.',
  show: (it, { overdue }) => it.set(overdue),
});
gauge({
  name: 'handoffrail_dead_letters',
  help: 'Failed packets with every attempt used up.',
  show: (it, { dead_letters }) => it.set(dead_letters),
});
gauge({
  name: 'handoffrail_approvals_open',
  help: 'Checkpoints that wait for people.',
  show: (it, { approvals_open }) => it.set(approvals_open),
});
gauge({
  name: 'handoffrail_approvals_overdue',
  help: 'Open checkpoints past the time to answer or to the next step; of each tenant only 10,001 are counted.',
  show: (it, { approvals_overdue }) => it.set(approvals_overdue),
});
