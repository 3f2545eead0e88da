/** Where a packet can stand. */
export const statuses = [
  'created',
  'claimed',
  'in_progress',
  'awaiting_human',
  'completed',
  'failed',
  'rejected',
  'cancelled',
  'expired',
] as const;

export type Status = (typeof statuses)[number];

/** From then on nothing can happen any more. */
export const isFinal = (status: Status): boolean => status === 'completed' || status === 'cancelled';

/** It is over, unless somebody tells it to be tried again. */
export const isOver = (status: Status): boolean =>
  isFinal(status) || ['failed', 'rejected', 'expired'].includes(status);
