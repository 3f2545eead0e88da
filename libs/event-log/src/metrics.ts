import { Counter, Gauge, Histogram } from 'prom-client';
import type { CommandReply } from '#libs/contracts';
import type { PacketCommandType } from '#libs/packet';
import type { Settlement } from './settle.js';

/** What a cache tells about itself. */
interface Measured {
  readonly size: number;
  readonly bytes: number;
}

/** How a command ended, as counted. */
export type CommandOutcome =
  'accepted' | 'quiet' | 'replayed' | 'refused' | 'contended' | 'unavailable' | 'internal';

const commands = new Counter({
  name: 'handoffrail_commands_total',
  help: 'Commands answered, by how they ended.',
  labelNames: ['command', 'outcome'],
});

const seconds = new Histogram({
  name: 'handoffrail_command_seconds',
  help: 'Time from a command to its answer, waiting in line included.',
  labelNames: ['command'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

const conflicts = new Counter({
  name: 'handoffrail_append_conflicts_total',
  help: 'Appends that lost against another writer and were decided again.',
});

const takings = new Counter({
  name: 'handoffrail_daily_quota_total',
  help: 'Packets of tenants with a daily limit: counted, refused, or counted anew because another process was faster.',
  labelNames: ['outcome'],
});

const unknownEvents = new Counter({
  name: 'handoffrail_log_unknown_events_total',
  help: 'Messages on the log that this version could not read and passed over.',
});

const deliveries = new Counter({
  name: 'handoffrail_deliveries_total',
  help: 'Events delivered to a consumer, by how they were settled.',
  labelNames: ['consumer', 'settlement'],
});

const lookups = new Counter({
  name: 'handoffrail_log_cache_lookups_total',
  help: 'Packets looked for in memory.',
  labelNames: ['result'],
});

const caches = new Set<Measured>();

const sum = (of: (cache: Measured) => number): number =>
  [...caches].reduce((total, cache) => total + of(cache), 0);

const cacheGauge = (name: string, help: string, of: (cache: Measured) => number): void => {
  new Gauge({
    name,
    help,
    collect() {
      this.set(sum(of));
    },
  });
};

cacheGauge('handoffrail_log_cache_packets', 'Folded packets held in memory.', (cache) => cache.size);
cacheGauge('handoffrail_log_cache_bytes', 'Bytes they take, reckoned.', (cache) => cache.bytes);

/** Shows a cache in the metrics until the returned function is called. */
export const watchCache = (cache: Measured): (() => void) => {
  caches.add(cache);
  return () => void caches.delete(cache);
};

export const countLookup = (result: 'hit' | 'miss'): void => lookups.inc({ result });

export const countDelivery = (consumer: string, settlement: Settlement): void =>
  deliveries.inc({ consumer, settlement });

export const countTaking = (outcome: 'taken' | 'refused' | 'contended', packets: number): void =>
  takings.inc({ outcome }, packets);

export const countUnknownEvent = (): void => unknownEvents.inc();

export const countConflict = (): void => conflicts.inc();

/** Which of the counted outcomes a reply is. */
export const outcomeOf = (reply: CommandReply): CommandOutcome => {
  if (reply.outcome === 'fault') return reply.code;
  if (reply.outcome === 'refused') return 'refused';
  if (reply.replayed) return 'replayed';
  return reply.quiet ? 'quiet' : 'accepted';
};

/** Counts a command that began at `startedAt` (performance.now). */
export const countCommand = (
  command: PacketCommandType,
  outcome: CommandOutcome,
  startedAt: number,
): void => {
  commands.inc({ command, outcome });
  seconds.observe({ command }, (performance.now() - startedAt) / 1_000);
};

const guarded = new Counter({
  name: 'handoffrail_counted_writes_total',
  help: 'Records of limited number: stored, refused, and counted again because another process was faster.',
  labelNames: ['bucket', 'outcome'],
});

export const countGuarded = (bucket: string, outcome: 'stored' | 'refused' | 'contended'): void =>
  guarded.inc({ bucket, outcome });
