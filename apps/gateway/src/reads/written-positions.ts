import { parsePosition } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const rememberedKeys = 10_000;

/** The last place in the log that each key wrote to through this gateway. */
@Injectable()
export class WrittenPositions {
  readonly #latest = new LRUCache<string, number>({ max: rememberedKeys });

  remember(keyId: string, position: string): void {
    const sequence = parsePosition(position) ?? 0;
    if (sequence > this.of(keyId)) this.#latest.set(keyId, sequence);
  }

  /** The sequence, 0 when it is not known. */
  of(keyId: string): number {
    return this.#latest.get(keyId) ?? 0;
  }
}
