import type { HandoffRail } from '#libs/sdk';

/** Asks the rail something once, as a feed would wait for one that is not there. @throws when it is not */
export const reached = async (rail: HandoffRail, signal: AbortSignal): Promise<void> => {
  await rail.agents.list({ limit: 1 }, { signal });
};
