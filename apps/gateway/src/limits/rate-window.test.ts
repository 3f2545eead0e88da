import { describe, expect, it } from 'vitest';
import { RateWindows } from './rate-window.js';

/** A server that counts, is away, or forgets. */
class Server {
  readonly subjects: string[] = [];
  isAway = false;
  #values = new Map<string, number>();

  add(subject: string, by: number): Promise<number | undefined> {
    this.subjects.push(subject);
    if (this.isAway) return Promise.resolve(undefined);
    const value = (this.#values.get(subject) ?? 0) + by;
    this.#values.set(subject, value);
    return Promise.resolve(value);
  }

  /** It was killed, and has lost its last counts. */
  forget(lost: number): void {
    this.#values = new Map([...this.#values].map(([subject, value]) => [subject, value - lost]));
  }
}

const noon = Date.parse('2026-11-21T12:00:00Z');
const subject = `hr.rates.hour.acme.${noon / 3_600_000}`;

describe('a window of the clock', () => {
  it('begins and ends with the clock', () => {
    const minutes = new RateWindows('minute', new Server());
    const window = minutes.at(noon + 59_999);
    expect(window).toMatchObject({ seconds: 60, resetsAt: noon + 60_000 });
    expect(minutes.at(noon)).toBe(window);
    expect(minutes.at(noon + 60_000)).not.toBe(window);
  });

  it('has one count for all who share a server', async () => {
    const server = new Server();
    const [here, there] = [new RateWindows('hour', server), new RateWindows('hour', server)];
    expect(await here.at(noon).count('acme')).toBe(1);
    expect(await there.at(noon).count('acme')).toBe(2);
    expect(await here.at(noon).count('acme')).toBe(3);
    expect(new Set(server.subjects)).toEqual(new Set([subject]));
    expect(here.at(noon).used('acme')).toBe(3);
    expect(here.at(noon).used('other')).toBe(0);
    expect(here.at(noon + 3_600_000).used('acme')).toBe(0);
  });

  it('counts by itself while the server is away, and tells it of that when it is back', async () => {
    const server = new Server();
    const [here, there] = [
      new RateWindows('hour', server).at(noon),
      new RateWindows('hour', server).at(noon),
    ];
    await here.count('acme');
    server.isAway = true;
    expect([await here.count('acme'), await here.count('acme')]).toEqual([2, 3]);
    expect([await there.count('acme'), await there.count('acme')]).toEqual([1, 2]);
    server.isAway = false;
    // Two and this one, then two more and this one.
    expect([await here.count('acme'), await there.count('acme')]).toEqual([4, 7]);
    expect([await here.count('acme'), await there.count('acme')]).toEqual([8, 9]);
  });

  it('does not fall back behind what it knew with a server that has lost counts', async () => {
    const server = new Server();
    const [here, there] = [
      new RateWindows('hour', server).at(noon),
      new RateWindows('hour', server).at(noon),
    ];
    for (let count = 0; count < 10; count += 1) await here.count('acme');
    server.forget(4);
    expect([await here.count('acme'), await here.count('acme'), await there.count('acme')]).toEqual([
      11, 12, 13,
    ]);
  });

  it('tells of what was lost once, also when many notice', async () => {
    const server = new Server();
    const window = new RateWindows('hour', server).at(noon);
    for (let count = 0; count < 10; count += 1) await window.count('acme');
    server.forget(4);
    await Promise.all(Array.from({ length: 8 }, () => window.count('acme')));
    // 19 if all were one after the other; while they are under way the server does not know of the loss.
    const next = await window.count('acme');
    expect(next).toBeGreaterThanOrEqual(15);
    expect(next).toBeLessThanOrEqual(19);
  });

  it('gives each of those who come at once a number of its own, away or not', async () => {
    const server = new Server();
    const window = new RateWindows('hour', server).at(noon);
    const burst = () => Promise.all(Array.from({ length: 20 }, () => window.count('acme')));
    expect(new Set(await burst()).size).toBe(20);
    server.isAway = true;
    expect([...new Set(await burst())]).toEqual(Array.from({ length: 20 }, (_, index) => 21 + index));
  });
});
