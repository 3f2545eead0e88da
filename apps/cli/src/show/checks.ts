import type { CheckState, Diagnosis } from '../doctor/check.js';
import type { Paint } from './paint.js';
import { oneLine, padded } from './plain.js';
import type { Shape } from './shape.js';

const marks: Record<CheckState, [mark: string, style: keyof Paint]> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  failed: ['failed', 'red'],
  unknown: ['unknown', 'dim'],
};

/** What the doctor found, a line each. */
export const checkList: Shape<Diagnosis> = {
  text: ({ url, checks }, { paint }) => {
    const lines = checks.flatMap(({ name, state, detail, next }) => {
      const [mark, style] = marks[state];
      const line = `${padded(name, 11)}  ${paint[style](padded(mark, 7))}  ${oneLine(detail)}`;
      return next === undefined ? [line] : [line, `${' '.repeat(22)}${paint.dim('next:')} ${next}`];
    });
    return [paint.bold(url), ...lines].join('\n');
  },
};
