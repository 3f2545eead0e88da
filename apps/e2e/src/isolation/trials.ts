import type { Asked, Told } from './ask.js';
import { comparable, leaksIn } from './leaks.js';
import type { ApiOperation } from './operations.js';
import { bodyProbes, pathProbes, plainProbes, type Probe, queryProbes } from './probes.js';
import type { Stranger } from './stranger.js';
import type { Victim } from './victim.js';

/** A way in: over HTTP or over NATS. */
export interface Door {
  ask(asked: Asked): Promise<Told>;
}

const atOnce = 8;

const oddities = ({ asked, isHidden }: Probe, told: Told): string[] => {
  const found: string[] = [];
  if (told.status >= 500) found.push(`answers ${told.status}`);
  if (told.headers['idempotency-replayed'] === 'true') found.push('gives the answer to another');
  const isRefused = told.status === 403 && told.code === 'forbidden';
  if (isHidden && told.status !== 404 && !isRefused) found.push(`answers ${told.status} ${told.code}`);
  if (told.status === 429) found.push(`could not be tried: ${asked.method} was one too many`);
  return found;
};

/** How the answer about what is hidden differs from the one about what nobody has. */
const contrast = (probe: Probe, told: Told, twin: Told): string[] => {
  const [here, there] = [`${told.status} ${told.code}`, `${twin.status} ${twin.code}`];
  if (here !== there) return [`answers ${here}, and ${there} for none`];
  // What is written differs by itself: times, ids.
  if (probe.asked.method !== 'GET') return [];
  const [of, ofNone] = [comparable(told.text, probe.sent), comparable(twin.text, probe.twin?.sent)];
  return of === ofNone ? [] : [`answers ${of}, and ${ofNone} for none`];
};

/** Whoever runs the rail may say for which tenant it does something. */
const mayName = ({ isPlatform }: Stranger, { sent }: Probe): boolean =>
  isPlatform && sent.some((id) => id.startsWith('t-'));

/** What strangers try on one victim, and what was wrong with the answers. */
export class Trials {
  constructor(private readonly victim: Victim) {}

  /** Every question that an operation takes about what is the victim's. */
  async read(stranger: Stranger, operation: ApiOperation, door: Door): Promise<string[]> {
    const probes = [
      ...pathProbes(operation, this.victim),
      ...(await queryProbes(operation, this.victim, stranger.own)),
    ];
    return this.#all(stranger, probes, door);
  }

  /** Every change that an operation can be asked to make to, or with, what is the victim's. */
  async write(stranger: Stranger, operation: ApiOperation, door: Door): Promise<string[]> {
    const found = await this.#all(stranger, pathProbes(operation, this.victim), door);
    if (operation.method === 'DELETE') return found;
    const inBodies = await bodyProbes(operation, this.victim, stranger.own);
    const tried = inBodies.filter((probe) => !mayName(stranger, probe));
    found.push(...(await this.#all(stranger, tried, door)));
    found.push(...(await this.#all(stranger, await plainProbes(operation, this.victim, stranger.own), door)));
    return found;
  }

  async #all(stranger: Stranger, probes: Probe[], door: Door): Promise<string[]> {
    for (const { asked, sent } of probes)
      if (asked.method !== 'GET') for (const value of sent) stranger.sent.add(value);
    const found: string[] = [];
    for (let at = 0; at < probes.length; at += atOnce) {
      const some = probes.slice(at, at + atOnce).map((probe) => this.#one(stranger, probe, door));
      found.push(...(await Promise.all(some)).flat());
    }
    return found;
  }

  async #one(stranger: Stranger, probe: Probe, door: Door): Promise<string[]> {
    const told = await door.ask(probe.asked);
    // What was written before may be read again.
    const sent = probe.asked.method === 'GET' ? probe.sent : [...probe.sent, ...stranger.sent];
    const leaks = leaksIn(told.text, this.victim, sent).map((secret) => `tells ${secret}`);
    const different = probe.twin ? contrast(probe, told, await door.ask(probe.twin.asked)) : [];
    const faults = [...leaks, ...oddities(probe, told), ...different];
    return faults.map((fault) => `${stranger.name}: ${probe.about} ${fault}`);
  }
}
