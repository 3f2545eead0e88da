import { HandoffRailError } from '../errors.js';

/** The store cannot be used. Codes: `store_corrupt`, `store_locked`, `store_unavailable`. */
export class StoreError extends HandoffRailError {}

/** The file is not a store, or is damaged. It was left as it is. */
export const corruptStore = (path: string, why: string): StoreError =>
  new StoreError({
    code: 'store_corrupt',
    message: `${path} is damaged, or is no store of handoffs: ${why}. It was left as it is; move it away, or repair it.`,
  });

/** Reading or writing failed, for the reason that the system gives. */
export const unavailableStore = (path: string, cause: unknown): StoreError =>
  new StoreError({
    code: 'store_unavailable',
    message: `${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
