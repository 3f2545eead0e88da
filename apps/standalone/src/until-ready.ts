import { setTimeout as delay } from 'node:timers/promises';
import type { HealthChecks } from '#libs/service-kit';
import { say } from './say.js';

const patienceMs = 5_000;

/**
 * Waits until every dependency answers, the tables of a first start included. What takes longer is named and
 * not waited for: the rail works as far as it can without it.
 */
export const untilReady = async (health: HealthChecks): Promise<void> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const { status, checks } = await health.readiness();
    if (status === 'ok') return;
    const missing = Object.keys(checks).filter((name) => !checks[name]?.ok);
    if (Date.now() > end) return say(`Not ready yet: ${missing.join(', ')}. It goes on as soon as it can.`);
    await delay(10);
  }
};
