import type { TenantId } from '#libs/packet';
import type { ReservedPacket } from '#libs/read-models';
import { Alarm } from './alarm.js';
import type { Caller } from './caller.js';
import type { Grants, Granted } from './grant.js';
import { Held } from './held.js';
import type { Candidate } from './lane-line.js';
import { Lanes, type News } from './lanes.js';
import { countGiven, countLost } from './metrics.js';
import { type OfferDatabase, OffersUnavailable } from './offer-database.js';

export interface DeskOptions {
  tenant: TenantId;
  database: OfferDatabase;
  grants: Grants;
  ageingMs: number;
  /** Told of what is a mistake of ours. */
  onFault: (error: unknown) => void;
}

interface Choice {
  caller: Caller;
  chosen: Candidate[];
  /** There is more to look at before it can be told that there is nothing. */
  again: boolean;
}

/** A message of the feed may be lost: who waits looks again after this long. */
const lookAgainMs = 5_000;
/** What others are about to claim may come free. */
const inTransitMs = 50;

/**
 * Where one tenant's calls stand in line, first come, first served. Calls that come while a look is under way
 * share the next one: however many there are, one query finds packets for all of them, each another.
 */
export class Desk {
  readonly #queue = new Set<Caller>();
  readonly #lanes: Lanes;
  readonly #held: Held;
  readonly #alarm = new Alarm(() => this.lookAgain());
  #isLooking = false;
  #isNeeded = false;
  #lastGrant: Promise<void> | undefined;

  constructor(private readonly options: DeskOptions) {
    const { database, tenant, ageingMs } = options;
    this.#lanes = new Lanes(database, tenant, ageingMs);
    this.#held = new Held(database, tenant);
  }

  /** Calls that are not answered yet. */
  get size(): number {
    return this.#queue.size;
  }

  take(caller: Caller): void {
    this.#queue.add(caller);
    void caller.answer.then(() => this.#queue.delete(caller));
    caller.startWaiting(() => this.#end(caller));
    if (caller.call.fresh) this.#lanes.invalidate();
    this.#look();
  }

  /** Nobody waits for the answer any more. What is just being claimed is still answered. */
  dismiss(caller: Caller): void {
    caller.isGone = true;
    this.#end(caller);
  }

  hear(news: News): void {
    const isWanted = this.#lanes.hear(news);
    if (this.#queue.size > 0 && isWanted) this.#look();
  }

  /** A packet is held no more: who was at the limit may have room. */
  makeRoom(): void {
    if ([...this.#queue].some(({ isLimited }) => isLimited)) this.#look();
  }

  /** Forgets what is known of the read models, and looks for those that wait. */
  lookAgain(): void {
    this.#lanes.invalidate();
    for (const caller of this.#queue) caller.isWaiting = false;
    if (this.#queue.size > 0) this.#look();
  }

  /** Ends every wait. */
  stop(): void {
    this.#alarm.clear();
    for (const caller of this.#queue) this.#end(caller);
  }

  #end(caller: Caller): void {
    caller.isOver = true;
    if (!caller.isBusy) caller.giveUp();
  }

  #look(): void {
    this.#isNeeded = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    // The other calls of this turn of the event loop come along.
    setImmediate(() => void this.#lookWhileNeeded());
  }

  async #lookWhileNeeded(): Promise<void> {
    while (this.#isNeeded) {
      this.#isNeeded = false;
      const callers = [...this.#queue].filter(({ isBusy }) => !isBusy);
      if (callers.length > 0)
        await this.#serve(callers).catch((error: unknown) => this.#fail(callers, error));
    }
    this.#isLooking = false;
  }

  async #serve(callers: readonly Caller[]): Promise<void> {
    const rooms = await this.#rooms(callers);
    await this.#lanes.refresh(callers.map(({ wish }) => wish));
    const choices = callers.map((caller) => this.#chooseFor(caller, rooms));
    const lucky = choices.filter(({ chosen }) => chosen.length > 0);
    const without = choices.filter(({ chosen }) => chosen.length === 0);
    await Promise.all([this.#granting(lucky), this.#refuse(without, lucky.length > 0)]);
  }

  /** What the agents with a limit may still take. */
  async #rooms(callers: readonly Caller[]): Promise<Map<string, number>> {
    const limits = new Map<string, number>();
    for (const { known, wish } of callers)
      if (known.max_concurrency !== undefined) limits.set(wish.taker.id, known.max_concurrency);
    const counted = [...limits].map(async ([id, limit]): Promise<[string, number]> => [
      id,
      limit - (await this.#held.count(id)),
    ]);
    return new Map(await Promise.all(counted));
  }

  #chooseFor(caller: Caller, rooms: Map<string, number>): Choice {
    // Its time may have ended while others were looked for.
    if (caller.isAnswered) return { caller, chosen: [], again: false };
    const { call, wish } = caller;
    const room = rooms.get(wish.taker.id) ?? Number.POSITIVE_INFINITY;
    caller.isLimited = room <= 0;
    const { chosen, passedOver } = this.#lanes.choose(wish, Math.min(call.max, room));
    if (rooms.has(wish.taker.id)) rooms.set(wish.taker.id, room - chosen.length);
    caller.isBusy = chosen.length > 0;
    const again = passedOver && !wish.own;
    wish.own ||= again;
    return { caller, chosen, again };
  }

  /** Who found nothing looks again if there may be more, else waits or is told so. */
  async #refuse(choices: readonly Choice[], isMoving: boolean): Promise<void> {
    const done = choices.filter(({ caller, again }) => !again && !this.#mayFindMore(caller, isMoving));
    if (done.length < choices.length) this.#isNeeded = true;
    for (const { caller } of done) if (caller.isOver) caller.giveUp();
    const fresh = done.map(({ caller }) => caller).filter((one) => !one.isAnswered && !one.isWaiting);
    for (const caller of fresh) caller.isWaiting = true;
    if (fresh.length > 0) await this.#watchFor(fresh);
  }

  /** Whether all that was read is given away, some of it just now, so that reading on may help. */
  #mayFindMore(caller: Caller, isMoving: boolean): boolean {
    if (caller.isAnswered || caller.isLimited || !this.#lanes.isUsedUp(caller.wish)) return false;
    this.#alarm.setAt(Date.now() + inTransitMs);
    return isMoving;
  }

  /** Sees to it that somebody looks when the next delay is over. */
  async #watchFor(callers: readonly Caller[]): Promise<void> {
    this.#alarm.setAt(Date.now() + lookAgainMs);
    const pools = [...new Set(callers.flatMap(({ wish }) => this.#lanes.poolsOf(wish)))];
    const next = await this.options.database.nextOffer(this.options.tenant, pools);
    if (next !== null) this.#alarm.setAt(next.getTime());
  }

  /** Settles when there may be another look: two may be on their way to Postgres. */
  async #granting(choices: readonly Choice[]): Promise<void> {
    if (choices.length === 0) return;
    const before = this.#lastGrant;
    const callers = choices.map(({ caller }) => caller);
    this.#lastGrant = this.#grant(choices).catch((error: unknown) => this.#fail(callers, error));
    await before;
  }

  async #grant(choices: readonly Choice[]): Promise<void> {
    const reserved = await this.#reserve(choices);
    for (const { caller, chosen } of choices) {
      const lost = chosen.filter(({ id }) => !reserved.has(id));
      countLost('reservation', lost.length);
      this.#lanes.lost(lost, caller.wish);
      const mine = chosen.flatMap(({ id }) => reserved.get(id) ?? []);
      if (mine.length === 0) this.#again(caller);
      else void this.#claim(caller, mine).catch((error: unknown) => this.#fail([caller], error));
    }
  }

  async #reserve(choices: readonly Choice[]): Promise<Map<string, ReservedPacket>> {
    const wanted = choices.flatMap(({ chosen }) => chosen);
    try {
      const got = await this.options.database.reserve(this.options.tenant, wanted);
      return new Map(got.map((one) => [one.id, one]));
    } catch (error) {
      for (const { caller, chosen } of choices)
        for (const { id } of chosen) this.#lanes.free(id, caller.wish);
      throw error;
    }
  }

  async #claim(caller: Caller, packets: readonly ReservedPacket[]): Promise<void> {
    const { agent } = caller.call;
    const limited = caller.known.max_concurrency !== undefined;
    if (limited) for (const one of packets) this.#held.add(agent.id, one);
    const granted = await Promise.all(packets.map((one) => this.options.grants.claim(caller, one)));
    packets.forEach((one, index) => this.#book(caller, one, granted[index]));
    const claimed = granted.flatMap((one) => (one.kind === 'claimed' ? [one.packet] : []));
    if (claimed.length > 0) return caller.give(claimed);
    const failed = granted.find((one) => one.kind === 'failed');
    if (failed !== undefined) return caller.fail(failed.detail);
    this.#again(caller);
  }

  #book(caller: Caller, { id, packet }: ReservedPacket, granted: Granted | undefined): void {
    if (granted?.kind === 'claimed')
      return countGiven(
        Date.parse(packet.status === 'created' ? (packet.available_at ?? packet.opened_at) : ''),
      );
    this.#held.delete(caller.call.agent.id, id);
    if (granted?.kind === 'missed') return countLost('claim', 1);
    this.#lanes.free(id, caller.wish);
    void this.options.database.giveBack(this.options.tenant, [id]).catch(() => undefined);
  }

  /** It got nothing of what was meant for it: it looks again, unless nobody waits for it any more. */
  #again(caller: Caller): void {
    caller.isBusy = false;
    const isDone = caller.isGone || (caller.isOver && caller.call.wait_ms > 0);
    if (isDone) return caller.giveUp();
    this.#look();
  }

  #fail(callers: readonly Caller[], error: unknown): void {
    const isAway = error instanceof OffersUnavailable;
    if (!isAway) this.options.onFault(error);
    for (const caller of callers) {
      caller.isBusy = false;
      caller.fail(isAway ? error.message : 'The call could not be answered.');
    }
  }
}
