import type { PacketAt } from '#libs/read-models';

/** So many are remembered before what is over is thrown out. */
const many = 10_000;

/**
 * What is not to be given away again: claimed just now, or another process has it. It is remembered of one
 * version of the packet, so that one which is offered again is free at once; and only until the read models
 * must have heard of it.
 */
export class Taken {
  readonly #taken = new Map<string, { position: number; until: number }>();

  has({ id, position }: PacketAt): boolean {
    const entry = this.#taken.get(id);
    return entry !== undefined && position <= entry.position && Date.now() < entry.until;
  }

  add({ id, position }: PacketAt, forMs: number): void {
    this.#taken.set(id, { position, until: Date.now() + forMs });
    if (this.#taken.size > many) this.#forget();
  }

  delete(id: string): void {
    this.#taken.delete(id);
  }

  #forget(): void {
    const now = Date.now();
    for (const [id, { until }] of this.#taken) if (until <= now) this.#taken.delete(id);
    // What is oldest is projected by now; and the append proves a claim, not this.
    for (const id of this.#taken.keys()) {
      if (this.#taken.size <= many / 2) break;
      this.#taken.delete(id);
    }
  }
}
