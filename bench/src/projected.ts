import { request } from 'undici';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the read models hold the whole log. */
export const untilProjected = async (url: string): Promise<void> => {
  const lag = async () => {
    const answer = await request(`${url}/ready`);
    const report = (await answer.body.json()) as { checks: { projection?: { lag_events?: number } } };
    return report.checks.projection?.lag_events ?? Number.POSITIVE_INFINITY;
  };
  while ((await lag()) > 0) await pause(250);
};
