import type { Contents, Draft } from './contents.js';

/** Where a local rail keeps its packets. */
export interface Store {
  /** What is stored now; not to be changed. @throws StoreError */
  read(): Promise<Contents>;
  /**
   * Runs a task alone, on what is stored at that moment. What it puts into the draft is stored when the promise
   * is fulfilled; if the task throws, nothing is. @throws StoreError
   */
  change<T>(task: (draft: Draft) => T): Promise<T>;
  /** Comes back when something has come behind that position, or after so many milliseconds. */
  changed(since: { position: number; ms: number }, signal: AbortSignal): Promise<void>;
}
