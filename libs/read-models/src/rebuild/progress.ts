/** How far a rebuild or a verification is. */
export interface Progress {
  phase: 'replaying' | 'indexing' | 'switching' | 'comparing';
  /** Log sequences done and wanted. */
  done: number;
  total: number;
  percent: number;
  events_per_second: number;
  /** Seconds left of the replay, at the rate so far. */
  eta_seconds: number;
}

export type OnProgress = (progress: Progress) => void;

/** Turns positions into progress. `total` grows when the log does. */
export class ProgressMeter {
  private readonly began = performance.now();
  private told = 0;

  constructor(
    private readonly onProgress: OnProgress,
    private readonly everyMs = 1_000,
  ) {}

  /** Tells the phase, and the replay's position at most once per interval. */
  tell(phase: Progress['phase'], done: number, total: number): void {
    const now = performance.now();
    if (phase === 'replaying' && done < total && now - this.told < this.everyMs) return;
    this.told = now;
    const rate = done / Math.max((now - this.began) / 1_000, 0.001);
    this.onProgress({
      phase,
      done,
      total,
      percent: total === 0 ? 100 : Math.floor((done / total) * 100),
      events_per_second: Math.round(rate),
      eta_seconds: Math.ceil((total - done) / Math.max(rate, 1)),
    });
  }
}
