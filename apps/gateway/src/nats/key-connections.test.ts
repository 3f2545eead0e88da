import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyConnections, mostConnections } from './key-connections.js';

/** Servers with so many connections of the key. */
const serversWith = (open: () => number) => {
  let looks = 0;
  const find = async function* (keyId = '') {
    looks += 1;
    await Promise.resolve();
    for (let cid = 0; cid < open(); cid += 1) yield { server: 's', cid, keyId };
  };
  return { find, looks: () => looks };
};

describe('the connections of a key', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  const letIn = async (connections: KeyConnections, times: number): Promise<number> => {
    const all = Array.from({ length: times }, () => connections.admit('k'));
    return (await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled').length;
  };

  it('are so many at most, though the servers have not seen all of them yet', async () => {
    const connections = new KeyConnections(serversWith(() => 0));
    expect(await letIn(connections, mostConnections + 30)).toBe(mostConnections);
    await expect(connections.admit('k')).rejects.toMatchObject({ code: 'too_many_streams' });
    await expect(connections.admit('other')).resolves.toBeUndefined();
  });

  it('are counted where they are, once for all who ask, and not before they may be too many', async () => {
    let open = 0;
    const servers = serversWith(() => open);
    const connections = new KeyConnections(servers);
    await letIn(connections, mostConnections);
    expect(servers.looks()).toBe(0);
    open = mostConnections - 3;
    vi.advanceTimersByTime(2_000);
    expect(await letIn(connections, 10)).toBe(3);
    expect(servers.looks()).toBe(1);
    open = mostConnections;
    vi.advanceTimersByTime(2_000);
    expect(await letIn(connections, 10)).toBe(0);
    expect(servers.looks()).toBe(2);
    // Nobody makes the gateway look again and again.
    vi.advanceTimersByTime(900);
    expect(await letIn(connections, 10)).toBe(0);
    expect(servers.looks()).toBe(2);
  });

  it('make room when they close', async () => {
    let open = mostConnections;
    const connections = new KeyConnections(serversWith(() => open));
    await letIn(connections, mostConnections);
    vi.advanceTimersByTime(2_000);
    expect(await letIn(connections, 1)).toBe(0);
    open = 0;
    vi.advanceTimersByTime(1_000);
    expect(await letIn(connections, 200)).toBe(mostConnections);
  });
});
