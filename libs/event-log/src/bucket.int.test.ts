import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#libs/contracts';
import { Bucket } from './index.js';
import { Rig, until } from './given.features.js';

interface Key {
  name: string;
}

describe('a bucket', () => {
  let rig: Rig;
  let nats: NatsConnection;
  let one: Bucket<Key>;
  let other: Bucket<Key>;

  beforeAll(async () => {
    rig = await Rig.start();
    nats = await rig.connect();
    one = await Bucket.open<Key>(nats, buckets.keys);
    other = await Bucket.open<Key>(await rig.connect(), buckets.keys);
  });
  afterAll(async () => {
    one.close();
    other.close();
    await rig.stop();
  });

  it('is ready though it is empty', () => {
    expect([...one.entries()]).toEqual([]);
    expect(one.get('nothing')).toBeUndefined();
  });

  it('shows a write to its writer at once and to others soon', async () => {
    const told: [string, string | undefined][] = [];
    const quiet = other.onChange((key, entry) => told.push([key, entry?.value.name]));
    const revision = await one.create('k1', { name: 'first' });
    expect(one.get('k1')).toEqual({ value: { name: 'first' }, revision });
    await until(() => other.get('k1') !== undefined);
    const next = await other.update('k1', { name: 'second' }, revision ?? 0);
    expect(next).toBeGreaterThan(revision ?? 0);
    await until(() => one.get('k1')?.revision === next);
    expect(told).toEqual([
      ['k1', 'first'],
      ['k1', 'second'],
    ]);
    quiet();
  });

  it('lets one of two creators and one of two updaters win', async () => {
    const created = await Promise.all([one.create('k2', { name: 'a' }), other.create('k2', { name: 'b' })]);
    expect(created.filter((revision) => revision !== null)).toHaveLength(1);
    const revision = created.find((found) => found !== null) ?? 0;
    const updated = await Promise.all([
      one.update('k2', { name: 'c' }, revision),
      other.update('k2', { name: 'd' }, revision),
    ]);
    expect(updated.filter((found) => found !== null)).toHaveLength(1);
    await until(() => one.get('k2')?.revision === other.get('k2')?.revision);
    expect(one.get('k2')).toEqual(other.get('k2'));
  });

  it('holds all its values when it is opened, and drops deleted ones', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `many-${index}`);
    await Promise.all(names.map((name) => one.create(name, { name })));
    const kv = await new Kvm(nats).open(buckets.keys);
    await kv.delete('many-7');
    const late = await Bucket.open<Key>(nats, buckets.keys);
    const held = [...late.entries()].filter(([key]) => key.startsWith('many-'));
    expect(held).toHaveLength(299);
    expect(late.get('many-7')).toBeUndefined();
    await until(() => other.get('many-7') === undefined);
    late.close();
  });

  it('deletes the revision that it is told, once, and tells those who watch what was there', async () => {
    const told: unknown[] = [];
    const quiet = other.onChange((...change) => told.push(change));
    const revision = (await one.create('gone', { name: 'here' }))!;
    await until(() => other.get('gone') !== undefined);
    expect(await one.delete('gone', revision - 1)).toBeNull();
    const tries = await Promise.all([one.delete('gone', revision), other.delete('gone', revision)]);
    expect(tries.filter((deleted) => deleted !== null)).toHaveLength(1);
    await until(() => one.get('gone') === undefined && other.get('gone') === undefined);
    const entry = { value: { name: 'here' }, revision };
    expect(told).toEqual([
      ['gone', entry, undefined],
      ['gone', undefined, entry],
    ]);
    quiet();
  });

  it('takes a deleted key as a new one, also when it comes and goes quickly', async () => {
    const told: (string | undefined)[] = [];
    const quiet = one.onChange((_key, entry) => told.push(entry?.value.name));
    for (let round = 0; round < 20; round += 1) {
      const revision = await one.create('brief', { name: `r${round}` });
      expect(await one.delete('brief', revision ?? 0)).toBeGreaterThan(revision ?? 0);
      expect(one.get('brief')).toBeUndefined();
    }
    const stored = await (
      await jetstreamManager(nats)
    ).streams.getMessage(`KV_${buckets.keys}`, {
      last_by_subj: `$KV.${buckets.keys}.brief`,
    });
    expect(stored?.header.get('Nats-TTL')).toBe('1h');
    await one.create('brief', { name: 'stays' });
    await until(() => other.get('brief')?.value.name === 'stays');
    const rounds = Array.from({ length: 20 }, (_, round) => [`r${round}`, undefined]);
    expect(told).toEqual([...rounds.flat(), 'stays']);
    quiet();
  });

  it('lets the last of those win who do not look at what is there', async () => {
    await one.put('last', { name: 'a' });
    await other.put('last', { name: 'b' });
    await until(() => one.get('last')?.value.name === 'b');
    expect(other.get('last')?.value.name).toBe('b');
  });

  it('forgets what a bucket lets go of with its age', async () => {
    const presence = await Bucket.open<Key>(nats, buckets.presence);
    await presence.put('old', { name: 'old' });
    expect(presence.get('old')).toBeDefined();
    const jsm = await jetstreamManager(nats);
    const { config } = await jsm.streams.info(`KV_${buckets.presence}`);
    expect(config).toMatchObject({ storage: 'file', persist_mode: 'async', max_msgs_per_subject: 1 });
    const second = 1_000_000_000;
    const short = { ...config, max_age: second, duplicate_window: second };
    await jsm.streams.update(`KV_${buckets.presence}`, short);
    await until(() => presence.get('old') === undefined);
    presence.close();
  });

  it('hears again of changes when its watch was lost without a word', async () => {
    const jsm = await jetstreamManager(nats);
    const stream = `KV_${buckets.keys}`;
    for await (const { name } of jsm.consumers.list(stream)) await jsm.consumers.delete(stream, name);
    const kv = await new Kvm(nats).open(buckets.keys);
    await kv.put('unheard', JSON.stringify({ name: 'of' }));
    await until(() => one.get('unheard') !== undefined && other.get('unheard') !== undefined, 30_000);
  }, 40_000);

  it('counts what is no JSON as absent', async () => {
    const kv = await new Kvm(nats).open(buckets.keys);
    await kv.put('odd', 'no json');
    await one.create('after', { name: 'still here' });
    await until(() => other.get('after') !== undefined);
    expect(other.get('odd')).toBeUndefined();
  });
});
