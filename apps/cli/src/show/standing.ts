import type { DurationsDocument, StatsDocument, UsageDocument } from '#libs/sdk';
import { cardText } from './listing.js';
import { momentOf, spanOf } from './moments.js';
import type { Shape } from './shape.js';
import { table } from './table.js';

const countsOf = (counts: object): string =>
  Object.entries(counts)
    .filter(([, count]) => Number(count) > 0)
    .map(([name, count]) => `${Number(count)} ${name}`)
    .join(', ');

const timeOf = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : spanOf(ms));

const durationsOf = (durations: DurationsDocument | null): string | null =>
  durations && `${timeOf(durations.mean_ms)} on average, 95 % within ${timeOf(durations.p95_ms)}`;

const longestOf = ({ oldest_waiting_seconds }: StatsDocument): string =>
  oldest_waiting_seconds === null ? '' : `; the longest for ${spanOf(oldest_waiting_seconds * 1_000)}`;

const dueOf = (count: number, capped: boolean): string => (capped ? `${count} or more` : String(count));

/** How much there is, what waits, how long things take. */
export const statsCard: Shape<StatsDocument> = {
  text: (stats, look) => {
    const { deliveries: owed } = stats;
    const overdue = dueOf(stats.overdue, stats.overdue_capped);
    return cardText(
      `${stats.total} packets`,
      [
        ['by status', countsOf(stats.by_status)],
        ['waiting', `${countsOf(stats.waiting) || 'none'}${longestOf(stats)}`],
        ['overdue', overdue],
        ['dead letters', stats.dead_letters],
        ['approvals', `${stats.approvals_open} open, ${stats.approvals_overdue} overdue`],
        [
          'deliveries',
          `${owed.open} to be sent, ${owed.retrying} of them again, ${owed.dead_letters} dead letters`,
        ],
        ['live streams', stats.live_streams],
        ['last 24 h', countsOf(stats.last_24h)],
        ['to claim', durationsOf(stats.time_to_claim)],
        ['to complete', durationsOf(stats.time_to_complete)],
        ['to decide', durationsOf(stats.time_to_decision)],
      ],
      look,
    );
  },
};

interface Quota {
  limit: number | null;
  used?: number | null;
  resets_at?: string;
}

/** The limits of the tenant, and what is used of them. */
export const usageTable: Shape<UsageDocument> = {
  text: ({ tier, ...limits }, look) => {
    const rows = Object.entries(limits as Record<string, Quota>);
    const columns = [
      { title: 'LIMIT', value: ([name]: [string, Quota]) => name },
      { title: 'USED', value: ([, { used }]: [string, Quota]) => used ?? '-' },
      { title: 'OF', value: ([, { limit }]: [string, Quota]) => limit ?? 'unlimited' },
      { title: 'ANEW', value: ([, { resets_at }]: [string, Quota]) => resets_at && momentOf(resets_at) },
    ];
    return [`Tier ${look.paint.bold(tier)}`, '', table(columns, rows, look)].join('\n');
  },
};
