import { LogUnavailable } from '#libs/event-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedCounts } from './shared-counts.js';

describe('counts that gateways share', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('leave a server that fails alone for a second, and say so once', async () => {
    let isAway = true;
    let asked = 0;
    const add = (): Promise<number> => {
      asked += 1;
      return isAway ? Promise.reject(new LogUnavailable('away')) : Promise.resolve(asked);
    };
    const lines: string[] = [];
    const logger = {
      warn: (_fields: object, line: string) => void lines.push(line),
      info: (line: string) => void lines.push(line),
    };
    const counts = new SharedCounts({ add }, logger);
    for (let call = 0; call < 5; call += 1) expect(await counts.add('s', 1)).toBeUndefined();
    expect(asked).toBe(1);
    vi.advanceTimersByTime(1_001);
    expect(await counts.add('s', 1)).toBeUndefined();
    expect(lines).toEqual(['requests are counted by this gateway alone']);
    isAway = false;
    expect(await counts.add('s', 1)).toBeUndefined();
    vi.advanceTimersByTime(1_001);
    expect(await counts.add('s', 1)).toBe(3);
    expect(lines).toHaveLength(2);
  });
});
