/** Bins per doubling: neighbouring bins are 9 % apart. */
const perDoubling = 8;

/** The bin of a duration in milliseconds. Negative ones (clocks of several machines) count as 0. */
export const binOf = (ms: number): number => (ms < 1 ? 0 : Math.ceil(Math.log2(ms) * perDoubling) + 1);

/** The upper end of a bin, in milliseconds. */
export const binEnd = (bin: number): number => (bin === 0 ? 0 : 2 ** ((bin - 1) / perDoubling));

/** The upper end of the bin that holds the quantile, in whole milliseconds; the bins come in order. */
export const quantile = (bins: readonly { bin: number; events: number }[], q: number): number => {
  const wanted = bins.reduce((sum, { events }) => sum + events, 0) * q;
  let seen = 0;
  for (const { bin, events } of bins) {
    seen += events;
    if (seen >= wanted) return Math.round(binEnd(bin));
  }
  return 0;
};
