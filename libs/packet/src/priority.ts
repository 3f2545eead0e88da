import type { PriorityWord } from './document.js';

const levels = { low: 2, normal: 5, high: 8, critical: 10 } as const satisfies Record<PriorityWord, number>;
const words: Record<string, PriorityWord> = {
  low: 'low',
  normal: 'normal',
  medium: 'normal',
  high: 'high',
  critical: 'critical',
  urgent: 'critical',
};

const bandOf = (level: number): PriorityWord => {
  if (level <= 3) return 'low';
  if (level <= 6) return 'normal';
  return level <= 8 ? 'high' : 'critical';
};

/**
 * Word and level (1-10, 10 most urgent) of a priority as a request may give it: `low` `normal` `high`
 * `critical`, the synonyms `medium` and `urgent`, or an integer 1-10. Absent or unknown: normal.
 */
export const priorityOf = (
  given: string | number | null | undefined,
): { priority: PriorityWord; priority_level: number } => {
  if (typeof given === 'number') return { priority: bandOf(given), priority_level: given };
  const priority = Object.hasOwn(words, given ?? '') ? (words[given ?? ''] ?? 'normal') : 'normal';
  return { priority, priority_level: levels[priority] };
};
