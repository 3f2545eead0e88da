import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { buckets } from '#libs/contracts';
import { Bucket, checkRoom, LimitReached, LogUnavailable } from './index.js';
import { Rig, until } from './given.features.js';

interface Thing {
  name: string;
}

const most = 5;

describe('what is counted before it is stored', () => {
  let rig: Rig;
  let here: Bucket<Thing>;
  let there: Bucket<Thing>;
  beforeAll(async () => {
    rig = await Rig.start();
    here = await Bucket.open<Thing>(await rig.connect(), buckets.agents);
    there = await Bucket.open<Thing>(await rig.connect(), buckets.agents);
  });
  afterAll(() => rig.stop());

  const namesOf = (bucket: Bucket<Thing>, scope: string): string[] =>
    [...bucket.entries()].flatMap(([key, { value }]) => (key.startsWith(`${scope}.`) ? [value.name] : []));
  const add = async (bucket: Bucket<Thing>, scope: string, name: string) =>
    (await bucket.writeGuarded(scope, () => {
      const key = `${scope}.${name}`;
      const held = bucket.get(key);
      if (held) return { key, value: { name }, revision: held.revision };
      checkRoom('agents', most, namesOf(bucket, scope).length);
      return { key, value: { name } };
    }))!;
  const countAdded = async (adding: Promise<unknown>[]): Promise<number> => {
    const results = await Promise.allSettled(adding);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.filter((reason) => !(reason instanceof LimitReached))).toEqual([]);
    return results.length - refused.length;
  };

  it('is exactly as many as there may be, however many want it at two places', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `n${at}`);
    const added = await countAdded(names.map((name, at) => add(at % 2 ? here : there, 'many', name)));
    expect(added).toBe(most);
    await here.caughtUp();
    expect(namesOf(here, 'many')).toHaveLength(most);
    await expect(add(here, 'many', 'late')).rejects.toMatchObject({ limit: most, used: most });
  });

  it('gives both places their turn for as long as there is room', async () => {
    const adding = Array.from({ length: 100 }, (_, at) => {
      const bucket = at % 2 ? here : there;
      return bucket.writeGuarded('busy', () => ({ key: `busy.n${at}`, value: { name: 'n' } }));
    });
    await Promise.all(adding);
    await here.caughtUp();
    expect(namesOf(here, 'busy')).toHaveLength(100);
  });

  it('leaves those of others alone', async () => {
    const scopes = ['one', 'two', 'three'];
    const adding = scopes.flatMap((scope) => ['a', 'b', 'c'].map((name) => add(here, scope, name)));
    expect(await countAdded(adding)).toBe(9);
    expect(scopes.map((scope) => namesOf(here, scope).length)).toEqual([3, 3, 3]);
  });

  it('may be replaced when all are taken, and be followed by another when one has gone', async () => {
    for (let at = 0; at < most; at += 1) await add(here, 'full', `n${at}`);
    const { revision } = await add(here, 'full', 'n0');
    expect(here.get('full.n0')?.revision).toBe(revision);
    await expect(add(there, 'full', 'new')).rejects.toThrow(LimitReached);
    expect(await here.delete('full.n0', revision)).not.toBeNull();
    expect((await add(there, 'full', 'n0')).value).toEqual({ name: 'n0' });
    await until(() => here.get('full.n0') !== undefined);
    await expect(add(here, 'full', 'new')).rejects.toThrow(LimitReached);
  });

  it('is stored with its guard or not at all', async () => {
    const nats = await rig.connect();
    const kv = await new Kvm(jetstream(nats)).open(buckets.agents);
    await add(here, 'whole', 'a');
    const [value, guard] = [await kv.get('whole.a'), await kv.get('_guard.whole')];
    expect(guard?.revision).toBe((value?.revision ?? 0) + 1);
    const both = await Promise.all([add(here, 'whole', 'b'), add(there, 'whole', 'b')]);
    const last = Math.max(...both.map(({ revision }) => revision));
    await until(() => here.get('whole.b')?.revision === last);
    expect((await kv.get('_guard.whole'))?.revision).toBe(last + 1);
  });

  it('is not stored when it is not wanted any more', async () => {
    expect(await here.writeGuarded('whole', () => null)).toBeNull();
    expect(namesOf(here, 'whole')).toEqual(['a', 'b']);
  });

  it('shows nobody its guards', async () => {
    const late = await Bucket.open<Thing>(await rig.connect(), buckets.agents);
    for (const bucket of [here, there, late])
      expect([...bucket.entries()].filter(([, { value }]) => typeof value.name !== 'string')).toEqual([]);
    expect(late.get('_guard.whole')).toBeUndefined();
    late.close();
  });

  it('is not stored while the server is away', async () => {
    await rig.servers.nats.stop();
    await expect(add(here, 'away', 'a')).rejects.toThrow(LogUnavailable);
    expect(here.get('away.a')).toBeUndefined();
  });
});
