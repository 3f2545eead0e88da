import { after } from './ids.js';
import type { Instant } from './ids.js';
import type { HeldPacket } from './state.js';

const dayInSeconds = 86_400;
/** Jitter adds up to a fifth, so that packets that failed together do not come back together. */
const spread = 0.2;

/** Whether a packet that fails or loses its claim now is offered again, and from when on. */
export const backoffFor = (
  packet: HeldPacket,
  now: Instant,
  jitter: number,
): { offered_again: boolean; available_at?: Instant | undefined } => {
  const { max_attempts, backoff_seconds } = packet.terms.retry;
  const failures = packet.failed_attempts + 1;
  if (failures >= max_attempts) return { offered_again: false };
  if (backoff_seconds === 0) return { offered_again: true };
  const wait = Math.min(backoff_seconds * 2 ** (failures - 1), dayInSeconds);
  return { offered_again: true, available_at: after(now, wait * (1 + spread * jitter)) };
};
