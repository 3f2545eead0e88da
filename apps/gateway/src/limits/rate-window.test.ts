import { describe, expect, it } from 'vitest';
import { RateWindows } from './rate-window.js';

/** A server that counts, is away, or forgets. */
class Server {
  readonly subjects: string[] = [];
  isAway = false;
  #values = new Map<string, number>();

  increment(subject: string): Promise<number | undefined> {
    this.subjects.push(subject);
    if (this.isAway) return Promise.resolve(undefined);
    const value = (this.#values.get(subject) ?? 0) + 1;
    this.#values.set(subject, value);
    return Promise.resolve(value);
  }

  forget(): void {
    this.#values = new Map();
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

  it('counts by itself while the server is away, and goes on by itself when it is back', async () => {
    const server = new Server();
    const window = new RateWindows('hour', server).at(noon);
    await window.count('acme');
    server.isAway = true;
    expect([await window.count('acme'), await window.count('acme')]).toEqual([2, 3]);
    server.isAway = false;
    // The server says 2 and 3: it does not know of the others.
    expect([await window.count('acme'), await window.count('acme')]).toEqual([4, 5]);
  });

  it('does not begin anew with a server that has forgotten', async () => {
    const server = new Server();
    const window = new RateWindows('hour', server).at(noon);
    for (let count = 0; count < 4; count += 1) await window.count('acme');
    server.forget();
    expect(await window.count('acme')).toBe(5);
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
