import type { Approval } from './approval.js';

/** Whether the packet may not go on without asking again: the last checkpoint ended badly, or not at all. */
export const needsNewApproval = ({ state, effect }: Approval): boolean => {
  if (state === 'timed_out') return effect !== 'approve';
  return state === 'denied' || state === 'voided' || state === 'open';
};
