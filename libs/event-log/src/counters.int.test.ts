import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { rateSubject, streams } from '#libs/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rig } from './given.features.js';
import { Counters, LogUnavailable } from './index.js';

describe('a counter', () => {
  let rig: Rig;
  let nats: NatsConnection;
  let counters: Counters[];
  beforeAll(async () => {
    rig = await Rig.start();
    nats = await rig.connect();
    counters = [new Counters(nats, 1_000), new Counters(await rig.connect(), 1_000)];
  });
  afterAll(async () => {
    counters.forEach((each) => each.close());
    await rig.stop();
  });

  it('gives each of those who count at once a number of its own', async () => {
    const subject = rateSubject('hour', 'acme', 1);
    const counts = Array.from({ length: 200 }, (_, index) => counters[index % 2]!.add(subject));
    const values = (await Promise.all(counts)).sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(await counters[0]!.read(streams.rateHours, subject)).toBe(200);
  });

  it('may be counted on by several at a time', async () => {
    const subject = rateSubject('hour', 'acme', 3);
    expect(await counters[0]!.add(subject, 40)).toBe(40);
    expect(await counters[1]!.add(subject)).toBe(41);
  });

  it('stands at nothing before it is first counted on', async () => {
    expect(await counters[0]!.read(streams.rateMinutes, rateSubject('minute', 'acme.k', 7))).toBe(0);
  });

  it('says so when the server has no such counter, or is not there', async () => {
    await expect(counters[0]!.add('hr.rates.none')).rejects.toBeInstanceOf(LogUnavailable);
    const lone = await rig.connect();
    const orphan = new Counters(lone, 200);
    await lone.close();
    await sleep(10);
    await expect(orphan.add(rateSubject('hour', 'acme', 2))).rejects.toBeInstanceOf(LogUnavailable);
  });
});
