/** There are as many as the tenant may have; nothing was stored. */
export class LimitReached extends Error {
  constructor(
    readonly what: 'agents' | 'keys' | 'webhooks',
    readonly limit: number,
    readonly used: number,
  ) {
    super(`The tenant has ${used} of ${limit} ${what}.`);
    this.name = 'LimitReached';
  }
}

/** @throws LimitReached when there is no room for one more; null: there is no limit */
export const checkRoom = (what: LimitReached['what'], limit: number | null, used: number): void => {
  if (limit !== null && used >= limit) throw new LimitReached(what, limit, used);
};
