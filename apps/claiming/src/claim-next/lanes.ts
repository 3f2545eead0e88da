import { capabilityPools, coversPool, type Offer, ownPools, type Taker, type TenantId } from '#libs/packet';
import { sourcesPerLevel, type WaitingPacket } from '#libs/read-models';
import { type Candidate, firstOf, type LaneKey, LaneLine } from './lane-line.js';
import type { LineOptions } from './line.js';
import { countCandidates } from './metrics.js';
import type { OfferDatabase } from './offer-database.js';
import { Taken } from './taken.js';
import { Turns } from './turns.js';

/** What a call looks for. */
export interface Wish {
  taker: Taker;
  /** Sorted, each once. */
  tags: readonly string[];
  /** Some of what it saw is not for this agent: it gets lanes of its own, without that. */
  own: boolean;
}

/** A packet as the feed tells of it. */
export interface News {
  packet: Omit<WaitingPacket, 'lane'>;
  offer: Offer;
  tags: readonly string[];
}

/** Older lines are read anew: a message of the feed may have been lost. */
const longestMs = 1_000;
/** Those that are in use are read in time for nobody to wait for it. */
const soonMs = 700;
const unusedMs = 30_000;
const mostLanes = 2_000;
/** Claims are known to the read models long before; what another process has, it claims at once. */
const ownMs = 60_000;
const othersMs = 5_000;

const nameOf = ({ pool, tags, agent }: LaneKey): string => JSON.stringify([pool, tags, agent]);

const isCapabilityPool = (pool: string): boolean => pool >= capabilityPools[0] && pool < capabilityPools[1];

const isOf = ({ offer, tags }: Pick<News, 'offer' | 'tags'>, key: LaneKey): boolean =>
  key.pool === offer.pool &&
  key.tags.every((tag) => tags.includes(tag)) &&
  (key.agent === null || !offer.not_for.includes(key.agent));

const isOld = (lane: LaneLine): boolean =>
  lane.isStale || lane.isUsedUp || performance.now() - lane.readAt > longestMs;

/** The packets on offer in one tenant, as far as anybody here has asked for them: the heads of the lanes. */
export class Lanes {
  readonly #lanes = new Map<string, LaneLine>();
  readonly #taken = new Taken();
  readonly #turns = new Turns();
  #skills = new Set<string>();
  #skillsAt = Number.NEGATIVE_INFINITY;
  #ahead: Promise<void> | undefined;

  constructor(
    private readonly database: OfferDatabase,
    private readonly tenant: TenantId,
    private readonly ageingMs: number,
  ) {}

  /** Reads what these wishes need and what is not in memory, or not good any more, in one query. @throws OffersUnavailable */
  async refresh(wishes: readonly Wish[]): Promise<void> {
    const now = performance.now();
    if (wishes.some(({ taker }) => taker.capabilities.size > 0) && now - this.#skillsAt > longestMs) {
      this.#skills = new Set(await this.database.capabilityPools(this.tenant));
      this.#skillsAt = now;
    }
    const wanted = [...new Set(wishes.flatMap((wish) => this.#of(wish)))];
    for (const lane of wanted) lane.usedAt = now;
    if (wanted.some(isOld)) await this.#ahead;
    const old = wanted.filter(isOld);
    if (old.length > 0) await this.#read(old);
    else this.#readAhead(wanted.filter((lane) => lane.isLow || performance.now() - lane.readAt > soonMs));
    if (this.#lanes.size > mostLanes) this.#forget(now);
  }

  /** Takes up to `most` packets for a wish, those that come first of all its lanes. */
  choose(wish: Wish, most: number): { chosen: Candidate[]; passedOver: boolean } {
    const lanes = this.#of(wish);
    const options = this.#options();
    const chosen: Candidate[] = [];
    let passedOver = false;
    while (chosen.length < most) {
      const heads = lanes.map((lane) => lane.first(wish.taker.id, options));
      passedOver ||= heads.some((head) => head.passedOver);
      const first = firstOf(heads.flatMap(({ candidate }) => candidate ?? []));
      if (first === undefined) break;
      this.#taken.add(first, ownMs);
      this.#turns.served(first);
      chosen.push(first);
    }
    return { chosen, passedOver };
  }

  /** Another process has these: it seems to be at the same place of the line, so look where it is now. */
  lost(candidates: readonly Candidate[], wish: Wish): void {
    for (const one of candidates) this.#taken.add(one, othersMs);
    if (candidates.length > 0) for (const lane of this.#of(wish)) lane.isStale = true;
  }

  /** This one can be had again after all. */
  free(id: string, wish: Wish): void {
    this.#taken.delete(id);
    for (const lane of this.#of(wish)) lane.isStale = true;
  }

  /** Whether all that was read for this wish is given away, though there may be more. */
  isUsedUp(wish: Wish): boolean {
    return this.#of(wish).some((lane) => lane.isUsedUp);
  }

  /** Takes in what the feed tells. Returns whether anybody here looks where it is offered. */
  hear({ packet, offer, tags }: News): boolean {
    if (isCapabilityPool(offer.pool)) this.#skills.add(offer.pool);
    const options = this.#options();
    let isWanted = false;
    for (const lane of this.#lanes.values()) {
      if (!isOf({ offer, tags }, lane.key)) continue;
      lane.add({ ...packet, lane: 0 }, options);
      isWanted = true;
    }
    // Nobody has a lane yet for what is asked for the first time.
    return isWanted || isCapabilityPool(offer.pool);
  }

  /** Everything is read anew before it is used. */
  invalidate(): void {
    for (const lane of this.#lanes.values()) lane.isStale = true;
    this.#skillsAt = Number.NEGATIVE_INFINITY;
  }

  /** The pools in which this wish may come true. */
  poolsOf({ taker }: Wish): string[] {
    const covered = [...this.#skills].filter((pool) => coversPool(taker, pool));
    return [...ownPools(taker), ...covered];
  }

  #of(wish: Wish): LaneLine[] {
    return this.poolsOf(wish).map((pool) => {
      const key = { pool, tags: wish.tags, agent: wish.own ? wish.taker.id : null };
      const name = nameOf(key);
      const lane = this.#lanes.get(name) ?? new LaneLine(key, this.#taken);
      this.#lanes.set(name, lane);
      return lane;
    });
  }

  #readAhead(lanes: readonly LaneLine[]): void {
    if (lanes.length === 0) return;
    this.#ahead ??= this.#read(lanes)
      // Whoever needs them reads them again, and is told.
      .catch(() => undefined)
      .finally(() => (this.#ahead = undefined));
  }

  async #read(lanes: readonly LaneLine[]): Promise<void> {
    for (const lane of lanes) lane.startReading();
    const found = await this.#ask(lanes);
    countCandidates(found.length);
    const byLane = lanes.map((): WaitingPacket[] => []);
    for (const one of found) byLane[one.lane]?.push(one);
    const options = this.#options();
    lanes.forEach((lane, index) => {
      const packets = byLane[index] ?? [];
      lane.after = nextStart(packets);
      lane.fill(packets, options);
    });
  }

  async #ask(lanes: readonly LaneLine[]): Promise<WaitingPacket[]> {
    try {
      return await this.database.waiting(
        this.tenant,
        lanes.map(({ key, after }) => ({ ...key, after })),
      );
    } catch (error) {
      for (const lane of lanes) lane.giveUp();
      throw error;
    }
  }

  #options(): LineOptions {
    return { now: Date.now(), ageingMs: this.ageingMs, turns: this.#turns };
  }

  #forget(now: number): void {
    for (const [name, lane] of this.#lanes) if (now - lane.usedAt > unusedMs) this.#lanes.delete(name);
  }
}

/** With more sources than are looked at, the next look begins behind those of this one. */
const nextStart = (packets: readonly WaitingPacket[]): string => {
  const sources = [...new Set(packets.map(({ source }) => source))].sort();
  return sources.length < sourcesPerLevel ? '' : (sources[Math.floor(sources.length / 2)] ?? '');
};
