import type { Shell, Sink } from '../shell.js';

// Not `styleText` of Node, which looks at stdout by itself, whatever the text is for.
const styles = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

/** Colours text, or leaves it as it is where nobody would see the colours. */
export type Paint = Record<keyof typeof styles, (text: string) => string>;

/** Colours are for terminals, and never where NO_COLOR is set or the flag says so. */
export const isColored = (sink: Sink, env: Shell['env'], wanted: boolean): boolean =>
  wanted && sink.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

export const paintWhen = (colored: boolean): Paint =>
  Object.fromEntries(
    Object.entries(styles).map(([style, [on, off]]) => [
      style,
      (text: string) => (colored && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text),
    ]),
  ) as Paint;

const statusStyles: Record<string, keyof Paint> = {
  created: 'blue',
  claimed: 'cyan',
  in_progress: 'cyan',
  awaiting_human: 'yellow',
  completed: 'green',
  failed: 'red',
  rejected: 'red',
  cancelled: 'dim',
  expired: 'dim',
};

const priorityStyles: Record<string, keyof Paint> = { critical: 'red', high: 'yellow', low: 'dim' };

const paintedBy = (table: Record<string, keyof Paint>) => (word: string, paint: Paint) => {
  const style = table[word.trim()];
  return style === undefined ? word : paint[style](word);
};

export const paintStatus = paintedBy(statusStyles);
export const paintPriority = paintedBy(priorityStyles);
