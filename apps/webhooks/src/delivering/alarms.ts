/** Times so near to each other ring together, in ms. */
const togetherMs = 20;
/** More than that are not kept: who looks again now and then finds what they were for. */
const most = 1_000;

/** Rings at each of the times that it was set to. */
export class Alarms {
  readonly #timers = new Map<number, NodeJS.Timeout>();

  constructor(private readonly ring: () => void) {}

  /** @param at epoch milliseconds */
  setAt(at: number): void {
    const time = Math.ceil(at / togetherMs) * togetherMs;
    if (this.#timers.has(time) || this.#timers.size >= most) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(time);
        this.ring();
      },
      // A timer may be early by one.
      Math.max(0, time - Date.now()) + 1,
    );
    timer.unref();
    this.#timers.set(time, timer);
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
