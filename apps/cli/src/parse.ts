import { InvalidArgumentError } from 'commander';

/** A whole number from `least` to `most`. */
export const integer =
  (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `A whole number from ${least} on.`
        : `A whole number from ${least} to ${most}.`,
    );
  };

/** Collects what may be given many times; commas divide, too. */
export const many = (text: string, before: string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
];

/** The same, of these words only. */
export const manyOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string, before: Word[] = []): Word[] => {
    const given = many(text);
    const wrong = given.find((word) => !(words as readonly string[]).includes(word));
    if (wrong === undefined) return [...before, ...(given as Word[])];
    throw new InvalidArgumentError(`"${wrong}" is none of ${words.join(', ')}.`);
  };

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const secondsIn = (text: string): number | null => {
  const [, count, unit = 's'] = /^(\d+)([smhd])?$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (unitSeconds[unit] ?? 1);
};

/** Seconds, or a span such as `90s`, `30m`, `2h`, `3d`. */
export const seconds = (text: string): number => {
  const value = secondsIn(text);
  if (value === null) throw new InvalidArgumentError('Seconds, or a span such as 30m, 2h or 3d.');
  return value;
};

/** An instant, or a span from now on: `2026-12-24T18:00:00Z`, `2h`. */
export const moment = (text: string): string => {
  const span = /[smhd]$/.test(text) ? secondsIn(text) : null;
  if (span !== null) return new Date(Date.now() + span * 1_000).toISOString();
  const at = Date.parse(text);
  if (!Number.isNaN(at) && /^\d{4}-/.test(text)) return new Date(at).toISOString();
  throw new InvalidArgumentError('An instant such as 2026-12-24T18:00:00Z, or a span from now such as 2h.');
};

/** A word for how urgent it is, or 1 to 10. */
export const priority = (text: string): PriorityFlag => {
  if ((priorityWords as readonly string[]).includes(text)) return text as PriorityFlag;
  const level = Number(text);
  if (/^\d+$/.test(text) && level >= 1 && level <= 10) return level;
  throw new InvalidArgumentError(`One of ${priorityWords.join(', ')}, or 1 to 10.`);
};

const priorityWords = ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] as const;
export type PriorityFlag = (typeof priorityWords)[number] | number;
