import type { WorkReport } from '../work/work-with-command.js';
import { oneLine } from './plain.js';
import type { Shape } from './shape.js';

const styles = { done: 'green', failed: 'red', stopped: 'yellow' } as const;

/** How the work on a packet ended. */
export const workLine: Shape<WorkReport> = {
  text: ({ packet_id, outcome, reason, seconds }, { paint }) =>
    [packet_id, paint[styles[outcome]](outcome), `${seconds.toFixed(1)} s`, oneLine(reason ?? '')]
      .filter((part) => part !== '')
      .join('  '),
  ids: ({ packet_id }) => [packet_id],
};
