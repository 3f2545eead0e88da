import { buckets } from '#libs/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FirstWrites } from './first-writes.js';
import { Rig } from './given.features.js';
import { LogUnavailable } from './unavailable.js';

describe('values that are written once', () => {
  let rig: Rig;
  beforeAll(async () => (rig = await Rig.start()));
  afterAll(() => rig.stop());
  const open = async () => FirstWrites.open<{ by: string }>(await rig.connect(), buckets.chosen);

  it('are those of who came first, for everybody', async () => {
    const [one, other] = [await open(), await open()];
    const made: string[] = [];
    const make = (by: string) => () => {
      made.push(by);
      return Promise.resolve({ by });
    };
    // Both find nothing and make one; the server takes the first.
    const raced = await Promise.all([one.keep('k', make('one')), other.keep('k', make('other'))]);
    expect(raced[0]).toEqual(raced[1]);
    expect(await other.keep('k', make('late'))).toEqual(raced[0]);
    expect(made).not.toContain('late');
    expect(await other.keep('another', make('other'))).toEqual({ by: 'other' });
  });

  it('are not stored when they could not be made', async () => {
    const values = await open();
    await expect(values.keep('failed', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await values.keep('failed', () => Promise.resolve({ by: 'next' }))).toEqual({ by: 'next' });
  });

  it('are unavailable while the server is', async () => {
    const values = await open();
    await rig.servers.nats.stop();
    await expect(values.keep('k', () => Promise.resolve({ by: 'x' }))).rejects.toThrow(LogUnavailable);
  });
});
