const units: [ms: number, name: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** Milliseconds in their largest unit: `3h`. */
export const spanOf = (ms: number): string => {
  const [size, name] = units.find(([unit]) => ms >= unit) ?? [1_000, 's'];
  return `${Math.floor(Math.max(0, ms) / size)}${name}`;
};

/** How long ago something was. */
export const ageOf = (instant: string, now: number): string => spanOf(now - Date.parse(instant));

/** An instant to the second, as everybody reads it alike. */
export const momentOf = (instant: string): string => instant.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
