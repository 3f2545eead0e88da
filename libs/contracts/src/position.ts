/**
 * A place in the log as clients see it: opaque to them, `<partition>-<sequence in base 36>` to us, so that
 * a partitioned log needs no new token.
 */
export const formatPosition = (sequence: number): string => `0-${sequence.toString(36)}`;

/** The sequence in a position token, or null when it is not one. */
export const parsePosition = (token: string): number | null => {
  const match = /^0-([0-9a-z]{1,11})$/.exec(token);
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 36);
};

/**
 * The place right before an event: who has everything up to there misses nothing. It is the number before, or the
 * one before that if the event counts against a quota, whose message stands in between.
 */
export const placeBefore = ({ sequence, counted }: { sequence: number; counted?: true }): number =>
  sequence - (counted ? 2 : 1);
