import { setTimeout as delay } from 'node:timers/promises';
import type { Asked, Told } from './ask.js';
import { leaksIn, shapeOf } from './leaks.js';
import type { ApiOperation } from './operations.js';
import {
  bodyProbes,
  freshLike,
  pathProbes,
  plainProbes,
  type Probe,
  queryProbes,
  requestOf,
} from './probes.js';
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
  const [of, ofNone] = [shapeOf(told.text, probe.sent), shapeOf(twin.text, probe.twin?.sent)];
  return of === ofNone ? [] : [`answers ${of}, and ${ofNone} for none`];
};

/** Whoever runs the rail may say for which tenant it does something. */
const mayName = ({ isPlatform }: Stranger, { sent }: Probe): boolean =>
  isPlatform && sent.some((id) => id.startsWith('t-'));

/** What strangers try on one victim, and what was wrong with the answers. */
export class Trials {
  /** What was asked for once, and by whom. */
  readonly #asked: [stranger: Stranger, id: string][] = [];

  constructor(private readonly victim: Victim) {}

  /** The operation on every id of the victim that its path takes. */
  ask(stranger: Stranger, operation: ApiOperation, door: Door): Promise<string[]> {
    return this.#all(stranger, pathProbes(operation, this.victim), door);
  }

  /** The operation on one id of the victim and on one of nobody, at leisure: what is looked up, is. */
  async askOnce(stranger: Stranger, operation: ApiOperation): Promise<string[]> {
    await delay(100);
    const probes = pathProbes(operation, this.victim).slice(0, 1);
    for (const { sent } of probes) for (const id of sent) this.#asked.push([stranger, id]);
    return this.#all(stranger, probes, stranger.asker);
  }

  /** Whether what an operation shows tells an id of the victim that was asked for once from one of nobody. */
  async recall(stranger: Stranger, operation: ApiOperation): Promise<string[]> {
    const { text } = await stranger.asker.ask(requestOf(operation, {}));
    return this.#asked
      .flatMap(([who, id]) => (who === stranger ? [id] : []))
      .filter((id) => text.includes(id) !== text.includes(freshLike(id, this.victim.mark)))
      .map((id) => `${stranger.name}: ${operation.name} tells ${id} from an id of nobody`);
  }

  /** Every filter of an operation with everything that is the victim's. */
  async filter(stranger: Stranger, operation: ApiOperation, door: Door): Promise<string[]> {
    return this.#all(stranger, await queryProbes(operation, this.victim, stranger.own), door);
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
    for (const { sent } of probes) for (const value of sent) stranger.sent.add(value);
    const found: string[] = [];
    for (let at = 0; at < probes.length; at += atOnce) {
      const some = probes.slice(at, at + atOnce).map((probe) => this.#one(stranger, probe, door));
      found.push(...(await Promise.all(some)).flat());
    }
    return found;
  }

  async #one(stranger: Stranger, probe: Probe, door: Door): Promise<string[]> {
    const told = await door.ask(probe.asked);
    // What was said before may be read again: in what was written, and in the audit.
    const leaks = leaksIn(told.text, this.victim, stranger.sent).map((secret) => `tells ${secret}`);
    const different = probe.twin ? contrast(probe, told, await door.ask(probe.twin.asked)) : [];
    const faults = [...leaks, ...oddities(probe, told), ...different];
    return faults.map((fault) => `${stranger.name}: ${probe.about} ${fault}`);
  }
}
