/** A packet is due to the millisecond, and timers may be early by one. */
const lateMs = 2;
/** Timers of Node go no further; longer waits are looked after again by then. */
const furthestMs = 60_000;

/** Rings once, at the earliest of the times that it was set to. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(private readonly ring: () => void) {}

  /** @param at epoch milliseconds */
  setAt(at: number): void {
    const time = Math.min(at, Date.now() + furthestMs);
    if (time >= this.#at) return;
    this.clear();
    this.#at = time;
    this.#timer = setTimeout(
      () => {
        this.clear();
        this.ring();
      },
      Math.max(0, time - Date.now()) + lateMs,
    );
    this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Number.POSITIVE_INFINITY;
  }
}
