import type { TenantId } from '#libs/packet';
import type { PacketAt } from '#libs/read-models';
import type { OfferDatabase } from './offer-database.js';

/** The read models have heard of a claim long before. */
const rememberedMs = 60_000;

interface Recent extends PacketAt {
  until: number;
}

/** How many packets agents with a limit hold: what the read models know, and what was claimed here since. */
export class Held {
  readonly #recent = new Map<string, Map<string, Recent>>();

  constructor(
    private readonly database: OfferDatabase,
    private readonly tenant: TenantId,
  ) {}

  /** @throws OffersUnavailable */
  count(agent: string): Promise<number> {
    return this.database.held(this.tenant, agent, this.#of(agent));
  }

  /** A packet is about to be claimed for the agent. */
  add(agent: string, { id, position }: PacketAt): void {
    const recent = this.#recent.get(agent) ?? new Map<string, Recent>();
    this.#recent.set(agent, recent);
    recent.set(id, { id, position, until: Date.now() + rememberedMs });
  }

  /** It was not claimed after all. */
  delete(agent: string, id: string): void {
    this.#recent.get(agent)?.delete(id);
  }

  #of(agent: string): Recent[] {
    const recent = this.#recent.get(agent);
    if (recent === undefined) return [];
    const now = Date.now();
    for (const [id, { until }] of recent) if (until <= now) recent.delete(id);
    if (recent.size === 0) this.#recent.delete(agent);
    return [...recent.values()];
  }
}
