/** The oldest server with atomic batches, schedules and counters. */
export const oldestNats = '2.12.0';

/** The release that is fetched when the machine has none. */
export const pinnedNats = '2.15.0';

/** The version in the words of `nats-server -v` or of an INFO line; undefined when there is none. */
export const versionIn = (text: string): string | undefined => /\bv?(\d+\.\d+\.\d+)/.exec(text)?.[1];

/** Negative, zero or positive, as `a` is older than, the same as, or newer than `b`. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

export const isNewEnough = (version: string): boolean => compareVersions(version, oldestNats) >= 0;
