import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../controllers.js';
import { isRecorded } from './recorded.js';

describe('what the audit keeps of the routes', () => {
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const all = apiRoutes().map(({ tag, name, method }) => ({ operation: `${tag}.${snake(name)}`, method }));
  const kept = all.filter(({ operation, method }) => isRecorded(method, operation));

  it('is every change but those that are on the log', () => {
    const left = all.filter((route) => route.method !== 'get' && !kept.includes(route));
    const others = left
      .map(({ operation }) => operation)
      .filter((name) => !/^(packets|commands|batches)\./.test(name));
    expect(others.sort()).toEqual(['agents.heartbeat', 'approvals.answer_link', 'routing.preview']);
  });

  it('is no read', () => {
    expect(kept.filter(({ method }) => method === 'get')).toEqual([]);
    expect(kept.length).toBeGreaterThan(20);
  });
});
