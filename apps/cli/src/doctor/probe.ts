import type { Fetch, HandoffRail, HandoffRailError } from '#libs/sdk';
import type { Settings } from '../settings.js';

/** What came back for one question. */
export interface Asked<T> {
  answer?: T;
  error?: HandoffRailError;
  /** How long it took. */
  ms: number;
  /** By how much the server's clock is ahead of ours, to the second; unknown without an answer. */
  aheadSeconds?: number;
  /** The read models did not hold everything yet. */
  stale?: boolean;
}

const once = { maxRetries: 0, timeoutMs: 5_000 };

/** The header is in whole seconds: a difference of less is none. */
const aheadOf = (date: string | null, begun: number): number | undefined => {
  const at = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(at)) return undefined;
  const ended = Date.now();
  if (at > ended) return Math.round((at - ended) / 1000);
  return at + 1_000 < begun ? -Math.round((begun - at - 1_000) / 1000) : 0;
};

const isRailError = (error: unknown): error is HandoffRailError =>
  error instanceof Error && 'code' in error && 'problem' in error;

/** Asks a rail single questions, and notes what the answers say beside them. */
export class Probe {
  readonly #rail: HandoffRail;
  #last: Response | undefined;

  private constructor(make: (fetch: Fetch) => HandoffRail) {
    this.#rail = make(async (url, init) => (this.#last = await fetch(url, init)));
  }

  static async of({ baseUrl, apiKey = '' }: Settings): Promise<Probe> {
    const { HandoffRail } = await import('#libs/sdk');
    return new Probe((fetch) => new HandoffRail({ baseUrl, apiKey, fetch }));
  }

  async ask<T>(question: (rail: HandoffRail, options: typeof once) => PromiseLike<T>): Promise<Asked<T>> {
    this.#last = undefined;
    const [begun, start] = [Date.now(), performance.now()];
    const outcome = await this.#outcome(question);
    const ms = Math.round(performance.now() - start);
    const headers = (this.#last as Response | undefined)?.headers;
    const aheadSeconds = aheadOf(headers?.get('date') ?? null, begun);
    const stale = headers?.get('handoffrail-stale') === 'true';
    return { ...outcome, ms, stale, ...(aheadSeconds !== undefined && { aheadSeconds }) };
  }

  async #outcome<T>(question: (rail: HandoffRail, options: typeof once) => PromiseLike<T>) {
    try {
      return { answer: await question(this.#rail, once) };
    } catch (error) {
      if (isRailError(error)) return { error };
      throw error;
    }
  }
}
