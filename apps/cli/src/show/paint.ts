import { styleText } from 'node:util';
import type { Shell, Sink } from '../shell.js';

const styles = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

/** Colours text, or leaves it as it is where nobody would see the colours. */
export type Paint = Record<(typeof styles)[number], (text: string) => string>;

/** Colours are for terminals, and never where NO_COLOR is set or the flag says so. */
export const isColored = (sink: Sink, env: Shell['env'], wanted: boolean): boolean =>
  wanted && sink.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

export const paintWhen = (colored: boolean): Paint =>
  Object.fromEntries(
    styles.map((style) => [
      style,
      colored ? (text: string) => styleText(style, text) : (text: string) => text,
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
