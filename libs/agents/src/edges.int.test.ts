import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme, type AgentRig, other, startRig, until } from './agents.features.js';
import { Edges } from './index.js';

describe('edges', () => {
  let rig: AgentRig;
  let one: Edges;
  let two: Edges;
  beforeAll(async () => {
    rig = await startRig();
    one = await Edges.open(await rig.connect());
    two = await Edges.open(await rig.connect());
  });
  afterAll(async () => {
    one.close();
    two.close();
    await rig.stop();
  });

  it('allow every handoff until a tenant sets some', () => {
    expect(one.get(acme)).toBeUndefined();
    expect(one.allows(acme, 'a', 'b')).toBe(true);
  });

  it('allow what is named, everywhere, and nothing else', async () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'lead', to: '*' },
      { from: '*', to: 'archive' },
    ];
    await one.put(acme, edges);
    await until(() => two.get(acme) !== undefined);
    expect(two.get(acme)).toEqual(one.get(acme));
    for (const all of [one, two]) {
      for (const [from, to] of [
        ['a', 'b'],
        ['a', 'c'],
        ['lead', 'b'],
        ['b', 'archive'],
      ] as const)
        expect(all.allows(acme, from, to), `${from} ${to}`).toBe(true);
      for (const [from, to] of [
        ['b', 'a'],
        ['a', 'd'],
        ['b', 'c'],
        ['archive', 'a'],
      ] as const)
        expect(all.allows(acme, from, to), `${from} ${to}`).toBe(false);
      expect(all.allows(other, 'b', 'a')).toBe(true);
    }
  });

  it('allow nothing when there are none, and everything again after null', async () => {
    await one.put(acme, []);
    expect(one.allows(acme, 'a', 'b')).toBe(false);
    await two.put(acme, null);
    await until(() => one.get(acme)?.edges === null);
    expect(one.allows(acme, 'a', 'b')).toBe(true);
  });

  it('are held by a process that starts later', async () => {
    await one.put(other, [{ from: 'x', to: 'y' }]);
    const late = await Edges.open(await rig.connect());
    expect(late.allows(other, 'y', 'x')).toBe(false);
    expect(late.allows(other, 'x', 'y')).toBe(true);
    late.close();
  });
});
