import type { Instant, TenantId } from '#libs/packet';
import { EventTooLarge } from './appender.js';
import type { AppendOutcome } from './appender.js';
import { countTaking } from './metrics.js';
import type { PacketAppend } from './packet-log.js';
import { type Counted, countedOn, dayOf, endOf, QuotaCounts } from './quota-counts.js';
import type { QuotaUse } from './quota-message.js';
import type { StoredMessage } from './stream-reader.js';
import { LogUnavailable } from './unavailable.js';

/** What makes one packet of a tenant that may make so many a day. */
export interface Taking {
  tenant: TenantId;
  limit: number;
  /** When the packet is made. */
  now: Instant;
  appends: readonly PacketAppend[];
  /** Done before it is written, and not if it is refused. */
  prepare: () => Promise<void>;
}

/** Nothing was stored: the day's packets are made. */
export interface Exhausted {
  kind: 'exhausted';
  limit: number;
  used: number;
  resets_at: Instant;
}

interface Waiting extends Taking {
  deadline: number;
  resolve: (outcome: AppendOutcome | Exhausted) => void;
  reject: (error: unknown) => void;
}

interface QuotaParts {
  append: (appends: readonly PacketAppend[]) => Promise<AppendOutcome>;
  /** The last message of a subject, as the log has it now. */
  last: (subject: string) => Promise<StoredMessage | null>;
  /** How long a taking may wait for those before it, and for other processes. */
  timeoutMs: number;
}

/** Packets that are made with one write. */
const mostTogether = 32;

const late = new LogUnavailable('Too many packets of this tenant are made at once.');

const isSameDay = (one: Waiting | undefined, other: Waiting): boolean =>
  one !== undefined && dayOf(one.now) === dayOf(other.now);

/** The first of those that wait, as many as may be written together. */
const takeGroup = (waiting: Waiting[]): Waiting[] => {
  const end = waiting.findIndex((each, nth) => nth === mostTogether || !isSameDay(waiting[0], each));
  return waiting.splice(0, end === -1 ? waiting.length : end);
};

/** Those for whom there is room, in order. */
const withRoom = (group: readonly Waiting[], { used }: QuotaUse): Waiting[] => {
  const taken: Waiting[] = [];
  for (const each of group) if (used + taken.length < each.limit) taken.push(each);
  return taken;
};

/** Gives each its part of what was written. */
const share = (
  taken: readonly Waiting[],
  { sequences, bytes }: { sequences: number[]; bytes: number[] },
): void => {
  let from = 0;
  for (const { appends, resolve } of taken) {
    const to = from + appends.length;
    resolve({ kind: 'appended', sequences: sequences.slice(from, to), bytes: bytes.slice(from, to) });
    from = to;
  }
};

/**
 * The packets that tenants make in a day, counted on the log itself, in the batch that makes them: so none is
 * counted that is not there, and none is there that is not counted, whoever dies when. What comes for one tenant
 * while the log is busy is written together; between processes the expected sequence decides.
 */
export class DailyQuotas {
  readonly #counts: QuotaCounts;
  /** By tenant; one that is here is being worked off. */
  readonly #waiting = new Map<TenantId, Waiting[]>();

  constructor(private readonly parts: QuotaParts) {
    this.#counts = new QuotaCounts(parts.last);
  }

  /** What the tenant has used on the day of `now`; counted only while it has a limit. @throws LogUnavailable */
  async use(tenant: TenantId, now: Instant): Promise<{ used: number; resets_at: Instant }> {
    const { day, used } = countedOn(await this.#counts.read(tenant), dayOf(now));
    return { used, resets_at: endOf(day) };
  }

  /**
   * Writes what makes one packet, with what it takes, unless the day's are used up.
   * @throws LogUnavailable when it is not known what came of it, or others came first for too long; EventTooLarge
   */
  take(taking: Taking): Promise<AppendOutcome | Exhausted> {
    const deadline = Date.now() + this.parts.timeoutMs;
    return new Promise((resolve, reject) => {
      const entry = { ...taking, deadline, resolve, reject };
      const waiting = this.#waiting.get(taking.tenant);
      if (waiting !== undefined) return void waiting.push(entry);
      this.#waiting.set(taking.tenant, [entry]);
      void this.#work(taking.tenant);
    });
  }

  /** Forgets what it has read: the server may have come back without its last moments. */
  forget(): void {
    this.#counts.forget();
  }

  async #work(tenant: TenantId): Promise<void> {
    const waiting = this.#waiting.get(tenant) ?? [];
    // What arrives in one turn of the event loop is looked at together.
    await new Promise(setImmediate);
    while (waiting.length > 0) await this.#settle(tenant, takeGroup(waiting));
    this.#waiting.delete(tenant);
  }

  async #settle(tenant: TenantId, group: Waiting[]): Promise<void> {
    let left = group;
    try {
      while (left.length > 0) left = await this.#attempt(tenant, this.#inTime(left));
    } catch (error) {
      for (const { reject } of left) reject(error);
    }
  }

  #inTime(group: Waiting[]): Waiting[] {
    const now = Date.now();
    return group.filter(({ deadline, reject }) => deadline > now || void reject(late));
  }

  /** Writes as many as there is room for, and returns those for whom nothing is settled yet. */
  async #attempt(tenant: TenantId, group: Waiting[]): Promise<Waiting[]> {
    const [first] = group;
    if (first === undefined) return [];
    const counted = await this.#counts.current(tenant);
    const use = countedOn(counted, dayOf(first.now));
    const taken = withRoom(group, use);
    if (taken.length === 0) return this.#refuse(group, use);
    const next = { day: use.day, used: use.used + taken.length };
    const outcome = await this.#write(taken, { ...next, tenant, expected: counted.sequence });
    if (outcome === null) return this.#oneByOne(tenant, group);
    if (outcome.kind !== 'appended') return this.#explain({ tenant, group, counted, outcome });
    this.#counts.note(tenant, { ...next, sequence: outcome.tolled ?? 0 });
    countTaking('taken', taken.length);
    share(taken, outcome);
    return group.filter((each) => !taken.includes(each));
  }

  /** Null: one of several is too large. */
  async #write(
    taken: readonly Waiting[],
    toll: NonNullable<PacketAppend['toll']>,
  ): Promise<AppendOutcome | null> {
    await Promise.all(taken.map(({ prepare }) => prepare()));
    const [first, ...rest] = taken.flatMap(({ appends }) => appends);
    try {
      return await this.parts.append(first ? [{ ...first, toll }, ...rest] : []);
    } catch (error) {
      if (error instanceof EventTooLarge && taken.length > 1) return null;
      throw error;
    }
  }

  #refuse(group: readonly Waiting[], { day, used }: QuotaUse): [] {
    countTaking('refused', group.length);
    for (const { limit, resolve } of group)
      resolve({ kind: 'exhausted', limit, used, resets_at: endOf(day) });
    return [];
  }

  /** Whether the quota was what had changed, or a packet: then whose, if there are several. */
  async #explain(stale: {
    tenant: TenantId;
    group: Waiting[];
    counted: Counted;
    outcome: AppendOutcome;
  }): Promise<Waiting[]> {
    const { tenant, group, counted, outcome } = stale;
    const { sequence } = await this.#counts.read(tenant);
    const isQuota = sequence !== counted.sequence && outcome.kind === 'conflict';
    if (isQuota) {
      this.#counts.noteRival(tenant);
      countTaking('contended', 1);
      return group;
    }
    if (group.length > 1) return this.#oneByOne(tenant, group);
    group[0]?.resolve(outcome);
    return [];
  }

  async #oneByOne(tenant: TenantId, group: readonly Waiting[]): Promise<[]> {
    for (const each of group) await this.#settle(tenant, [each]);
    return [];
  }
}
