import type { ImportOutcome } from '../transfer/imported.js';
import { oneLine } from './plain.js';
import type { Shape } from './shape.js';

const packets = (count: number): string => `${count} ${count === 1 ? 'packet' : 'packets'}`;

/** How many packets were made, which were not, and why. */
export const importSummary: Shape<ImportOutcome> = {
  text: ({ created, left_out, errors }, { paint }) => {
    const left = left_out.length === 0 ? '' : `, ${left_out.length} left out that had ended`;
    const refused = errors.map(
      ({ id, code, message }) => `${paint.red('refused')} ${id}: ${oneLine(message)} (${code})`,
    );
    return [`${packets(created.length)} made${left}.`, ...refused].join('\n');
  },
  ids: ({ created }) => created.map(({ id }) => id),
};
