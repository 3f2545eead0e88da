import { buckets } from '#libs/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rig } from './given.features.js';
import { Records } from './records.js';
import { LogUnavailable } from './unavailable.js';

interface Kept {
  n: number;
}

describe('records', () => {
  let rig: Rig;
  let records: Records<Kept>;
  beforeAll(async () => {
    rig = await Rig.start();
    records = await Records.open<Kept>(await rig.connect(), buckets.approvalLinks);
  });
  afterAll(() => rig.stop());

  it('are made once, and changed by who has seen them as they are', async () => {
    expect(await records.get('a.one')).toBeUndefined();
    const made = await Promise.all([1, 2, 3].map((n) => records.create('a.one', { n })));
    expect(made.filter(Boolean)).toHaveLength(1);
    const { value, revision } = (await records.get('a.one'))!;
    expect(await records.update('a.one', { n: value.n + 10 }, revision)).toBe(true);
    expect(await records.update('a.one', { n: 99 }, revision)).toBe(false);
    expect((await records.get('a.one'))?.value).toEqual({ n: value.n + 10 });
  });

  it('are listed as they are now, those of others left out', async () => {
    expect(await records.list('b.*')).toEqual([]);
    for (const n of [1, 2, 3]) await records.create(`b.k${n}`, { n });
    const { revision } = (await records.get('b.k2'))!;
    await records.update('b.k2', { n: 20 }, revision);
    expect((await records.list('b.*')).map(({ n }) => n).sort((x, y) => x - y)).toEqual([1, 3, 20]);
    expect(await records.list('none.*')).toEqual([]);
  });

  it('are deleted as they were seen, and can be made anew', async () => {
    await records.create('d.one', { n: 1 });
    const { revision } = (await records.get('d.one'))!;
    await records.update('d.one', { n: 2 }, revision);
    expect(await records.delete('d.one', revision)).toBe(false);
    expect(await records.delete('d.one', (await records.get('d.one'))!.revision)).toBe(true);
    expect(await records.get('d.one')).toBeUndefined();
    expect(await records.list('d.*')).toEqual([]);
    expect(await records.create('d.one', { n: 3 })).toBe(true);
  });

  it('are unavailable while the server is', async () => {
    await rig.servers.nats.stop();
    await expect(records.get('a.one')).rejects.toThrow(LogUnavailable);
    await expect(records.create('c', { n: 1 })).rejects.toThrow(LogUnavailable);
    await expect(records.list('b.*')).rejects.toThrow(LogUnavailable);
  });
});
