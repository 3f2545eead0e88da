import type { KvWatchEntry } from '@nats-io/kv';

/** A value in a bucket; the revision is what an update must name. */
export interface BucketEntry<T> {
  value: T;
  revision: number;
}

/** Told after a change is in memory; `entry` is undefined when the key was deleted, `before` when it is new. */
export type BucketListener<T> = (
  key: string,
  entry: BucketEntry<T> | undefined,
  before: BucketEntry<T> | undefined,
) => void;

// What is no JSON cannot be ours: it counts as absent, and the rest of the bucket stays readable.
export const parseValue = <T>(entry: KvWatchEntry): T | undefined => {
  try {
    return entry.json<T>();
  } catch {
    return undefined;
  }
};
