import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup, Resolver } from 'node:dns/promises';

/** Of one question to a name server; asked twice. */
const answerMs = 1_500;
/** The system's own lookups take threads that files and ciphers need, too: of four, two at most. */
const mostSystemLookups = 2;

/** Lets so many tasks run at once; the others wait for their turn. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(private readonly most: number) {}

  async take<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.most) this.#running += 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

const turns = new Turns(mostSystemLookups);

const isSilent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ETIMEOUT';

const found = (result: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];

/**
 * Finds the addresses of hosts without the threads of the process, so that many names whose servers are silent
 * hold up nobody else; each ends in some seconds. What name servers do not know is asked of the system, which
 * has a file of hosts and domains of its own.
 */
export class HostLookup {
  readonly #resolver = new Resolver({ timeout: answerMs, tries: 2 });

  /** @param servers name servers, `address:port`; those of the system when left out */
  constructor(servers?: readonly string[]) {
    if (servers) this.#resolver.setServers(servers);
  }

  /** @throws Error with the `code` of node:dns when there is no address */
  async find(hostname: string): Promise<LookupAddress[]> {
    const [v4, v6] = await Promise.allSettled([
      this.#resolver.resolve4(hostname),
      this.#resolver.resolve6(hostname),
    ]);
    const addresses = [...found(v4, 4), ...found(v6, 6)];
    if (addresses.length > 0) return addresses;
    if (v4.status === 'rejected' && isSilent(v4.reason)) throw v4.reason;
    return turns.take(() => systemLookup(hostname, { all: true }));
  }
}
