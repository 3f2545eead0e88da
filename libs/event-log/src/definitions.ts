import {
  AckPolicy,
  DiscardPolicy,
  PersistMode,
  RetentionPolicy,
  StorageType,
  StoreCompression,
} from '@nats-io/jetstream';
import type { StreamConfig } from '@nats-io/jetstream';
import {
  auditSubjects,
  buckets,
  packetSubjects,
  type RateWindowName,
  rateSubjects,
  streams,
  streamSlotSubjects,
  timerSubjects,
} from '#libs/contracts';

/** What a stream must be; settings that are not named are the operator's. */
export type StreamDefinition = Pick<StreamConfig, 'name' | 'subjects' | 'retention' | 'storage'> &
  Partial<StreamConfig>;

/**
 * How much a 2xx answer promises. `strict`: the event is on stable storage (one node that syncs each write,
 * or replicas). `relaxed`: the last moments before a power cut may be lost.
 */
export type Durability = 'strict' | 'relaxed';

export interface ProvisionOptions {
  durability: Durability;
  /** Copies of every stream: 1, or 3 or 5 in a cluster. */
  replicas: number;
}

const seconds = 1_000_000_000;
const minutes = 60 * seconds;
const days = 24 * 60 * minutes;

const kept = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_age: 0,
  max_msgs: -1,
  max_bytes: -1,
} as const;

const packets: StreamDefinition = {
  ...kept,
  name: streams.packets,
  description: 'Every event of every packet: the only truth.',
  subjects: [packetSubjects],
  compression: StoreCompression.S2,
  // Should an operator ever set a limit, new events are refused; old ones are never dropped.
  discard: DiscardPolicy.New,
  max_msgs_per_subject: -1,
  allow_direct: true,
  allow_atomic: true,
  deny_delete: true,
  // Only for quick repeats; what must hold for ever is in the events themselves.
  duplicate_window: 5 * seconds,
};

const deadLetters: StreamDefinition = {
  ...kept,
  name: streams.deadLetters,
  description: 'Messages that no consumer could handle, with the reason in their headers.',
  subjects: ['hr.dead.>'],
  compression: StoreCompression.S2,
  allow_direct: true,
  max_age: 90 * days,
};

const timers: StreamDefinition = {
  ...kept,
  name: streams.timers,
  description: 'Timers: message schedules, and those that are due until they are handled.',
  subjects: [timerSubjects],
  // A due timer stays until its consumer has handled it, and not longer.
  retention: RetentionPolicy.Workqueue,
  max_msgs_per_subject: 1,
  allow_msg_schedules: true,
  allow_rollup_hdrs: true,
  allow_atomic: true,
  allow_direct: true,
};

const audit: StreamDefinition = {
  ...kept,
  name: streams.audit,
  description: 'Changes of control data and refused attempts, for the audit.',
  subjects: [auditSubjects],
  compression: StoreCompression.S2,
  // Should an operator ever set a limit, changes are refused; their record is never dropped.
  discard: DiscardPolicy.New,
  allow_direct: true,
  // Refused attempts go after a while; the rest goes when its tenant's retention says so.
  allow_msg_ttl: true,
};

// Nothing of it is worth a sync. Memory storage would do, but a server that is alone forgets such a stream, and
// not just its content, when it is started again.
const passing = (replicas: number): Partial<StreamDefinition> & typeof kept => ({
  ...kept,
  max_msgs_per_subject: 1,
  allow_direct: true,
  ...(replicas === 1 && { persist_mode: PersistMode.Async }),
});

const rateWindow = (replicas: number, window: RateWindowName): StreamDefinition => ({
  ...passing(replicas),
  name: window === 'minute' ? streams.rateMinutes : streams.rateHours,
  description: `Counters of requests, one for each ${window} of the clock and who has made them.`,
  subjects: [rateSubjects(window)],
  allow_msg_counter: true,
  // A counter goes when nobody has counted on it for longer than its window lasts.
  max_age: window === 'minute' ? 2 * minutes : 120 * minutes,
});

const streamSlots = (replicas: number): StreamDefinition => ({
  ...passing(replicas),
  name: streams.streamSlots,
  description: 'The live streams that are open; each goes by itself unless its gateway keeps it up.',
  subjects: [streamSlotSubjects()],
  allow_msg_ttl: true,
});

const passingDefinitions = (replicas: number): StreamDefinition[] => [
  rateWindow(replicas, 'minute'),
  rateWindow(replicas, 'hour'),
  streamSlots(replicas),
];

const bucket: Omit<StreamDefinition, 'name' | 'subjects'> = {
  ...kept,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 16,
  allow_rollup_hdrs: true,
  allow_direct: true,
  deny_delete: true,
  // What marks a deletion goes after a while.
  allow_msg_ttl: true,
};

/** What a bucket has that the others have not. */
const special: Partial<Record<keyof typeof buckets, Partial<StreamDefinition>>> = {
  keyUses: { max_msgs_per_subject: 1 },
  keys: { allow_atomic: true },
  agents: { max_msgs_per_subject: 1, allow_atomic: true },
  presence: {
    max_msgs_per_subject: 1,
    max_age: days,
    // Those who watch are told of an entry that has gone with its age.
    subject_delete_marker_ttl: 60 * minutes,
  },
  edges: { max_msgs_per_subject: 1 },
  hooks: { max_msgs_per_subject: 1, allow_atomic: true },
  schemas: { max_msgs_per_subject: 1, allow_atomic: true },
  // A link lives for 30 days at most, and is then still known for a while as one that has been.
  approvalLinks: { max_msgs_per_subject: 1, max_age: 32 * days },
  secrets: { max_msgs_per_subject: 1 },
  // An idempotency key holds for a day.
  chosen: { max_age: 2 * days },
};

// An agent says every few seconds that it is there, which is not worth a sync. A replicated stream cannot do without.
const unsynced = (key: keyof typeof buckets, replicas: number): Partial<StreamDefinition> =>
  key === 'presence' && replicas === 1 ? { persist_mode: PersistMode.Async } : {};

const bucketDefinitions = (replicas: number): StreamDefinition[] =>
  (Object.keys(buckets) as (keyof typeof buckets)[]).map((key) => {
    const name = buckets[key];
    const own = { name: `KV_${name}`, subjects: [`$KV.${name}.>`] };
    return { ...bucket, ...special[key], ...unsynced(key, replicas), ...own };
  });

const expendable = new Set<string>([
  `KV_${buckets.presence}`,
  streams.rateMinutes,
  streams.rateHours,
  streams.streamSlots,
]);

/** What it holds comes again by itself, so that it may be made anew where it cannot be changed. */
export const isExpendable = ({ name }: StreamDefinition): boolean => expendable.has(name);

/** All streams of the product, buckets included. */
export const definitions = ({ durability, replicas }: ProvisionOptions): StreamDefinition[] =>
  [
    ...[packets, deadLetters, timers, audit],
    ...passingDefinitions(replicas),
    ...bucketDefinitions(replicas),
  ].map((definition) => ({
    ...definition,
    num_replicas: replicas,
    metadata: { 'handoffrail.durability': durability },
  }));

/** What every durable consumer of ours has in common. */
export const consumerDefaults = { ack_policy: AckPolicy.Explicit } as const;
