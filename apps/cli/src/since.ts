import { moment, seconds } from './parse.js';

/** An instant, or a span before now: `2026-12-24T18:00:00Z`, `2h`. */
export const since = (text: string): string =>
  /^\d+[smhd]$/.test(text) ? new Date(Date.now() - seconds(text) * 1_000).toISOString() : moment(text);
