import { ConnectionError, type HandoffRailError } from './errors.js';
import type { OperationName } from './operation.js';

/** A server that asks for more than this is not waited for: the caller learns of it at once. Seconds. */
const longestWait = 60;
const firstDelayMs = 250;
const longestDelayMs = 8_000;

// Sent twice, they come to the same, without a key that says so.
const harmless = new Set<OperationName>([
  'commands_heartbeat',
  'agents_heartbeat',
  'routing_preview',
  'webhooks_enableHook',
  'webhooks_changeHook',
  'control_changeTenant',
  'control_changeKey',
]);

/** Whether the operation takes effect once, however often it is sent. */
export const isRepeatable = (name: OperationName, { method, flags }: { method: string; flags: string[] }) =>
  ['GET', 'PUT', 'DELETE'].includes(method) || flags.includes('idempotent') || harmless.has(name);

const passing = new Set([408, 425, 500, 502, 503, 504]);

const mayPass = (error: HandoffRailError): boolean =>
  error instanceof ConnectionError ||
  passing.has(error.status ?? 0) ||
  error.code === 'idempotency_in_progress';

/**
 * Milliseconds until the next attempt, or null when there is to be none: half of an exponential delay and a
 * random part of the other half, or what the server asks for.
 */
export const delayBefore = (
  error: HandoffRailError,
  { attempt, repeatable }: { attempt: number; repeatable: boolean },
): number | null => {
  // What was refused for its rate has had no effect, whatever it was.
  const again = error.status === 429 || (repeatable && mayPass(error));
  if (!again || (error.retryAfter ?? 0) > longestWait) return null;
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
  const spread = delay / 2 + (Math.random() * delay) / 2;
  return Math.max(spread, (error.retryAfter ?? 0) * 1000);
};
