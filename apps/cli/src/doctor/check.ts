/** How something is. `unknown`: this key may not ask. */
export type CheckState = 'ok' | 'warning' | 'failed' | 'unknown';

/** One thing that was looked at. */
export interface Check {
  name: string;
  state: CheckState;
  /** A sentence. */
  detail: string;
  /** What to do about it. */
  next?: string;
}

/** What a key may do. */
export interface Permissions {
  read: boolean;
  work: boolean;
  write: boolean;
  administer: boolean;
  operate: boolean;
}

/** What the doctor found. */
export interface Diagnosis {
  /** Nothing has failed. */
  ok: boolean;
  url: string;
  checks: Check[];
  /** Null without a key that works. */
  may: Permissions | null;
  exit_code: number;
}
