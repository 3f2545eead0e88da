import { Inject, Injectable } from '@nestjs/common';
import { keyHashOf, liveKey } from '../auth/authenticate.js';
import { ControlData } from '../auth/control-data.js';
import { OpenStreams } from '../feeds/open-streams.js';
import type { ApiRequest } from '../http/call.js';

/** A request that waits, as long as its key works. */
export interface KeyWait {
  /** Aborts when the key, or its tenant, ends. */
  signal: AbortSignal;
  /** @throws ProblemError when the key has ended */
  check(): void;
  /** The wait is over. */
  end(): void;
}

/** Ends requests that wait for something when their key ends: they were let in when it worked. */
@Injectable()
export class KeyWaits {
  constructor(
    @Inject(OpenStreams) private readonly streams: OpenStreams,
    @Inject(ControlData) private readonly control: ControlData,
  ) {}

  begin(request: ApiRequest): KeyWait {
    const hash = keyHashOf(request);
    const over = new AbortController();
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    this.streams.add(hash, {
      ended,
      end: (reason) => {
        if (reason !== 'shutdown') over.abort();
      },
    });
    return { signal: over.signal, check: () => void liveKey(this.control, hash), end };
  }
}
