interface Page {
  next_cursor: string | null;
}

/**
 * A list: await it for its first page, or iterate it for everything, page by page as it is needed.
 *
 * @example
 * ```ts
 * const { packets, total } = await rail.listPackets({ status: 'created' });
 * for await (const packet of rail.listPackets({ status: 'created' })) console.log(packet.id);
 * ```
 */
export class Listing<P, Item> implements AsyncIterable<Item>, PromiseLike<P> {
  readonly #fetch: (cursor: string | undefined) => Promise<P & Page>;
  readonly #itemsOf: (page: P) => Item[];

  /** @internal */
  constructor(fetch: (cursor: string | undefined) => Promise<P & Page>, itemsOf: (page: P) => Item[]) {
    this.#fetch = fetch;
    this.#itemsOf = itemsOf;
  }

  /** The first page: what `await` calls. */
  then<A = P, B = never>(
    done?: ((page: P) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#fetch(undefined).then<A, B>(done, failed);
  }

  /** The pages, one request each. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.#fetch(cursor);
      yield page as Awaited<P>;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Entry by entry, over all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* this.#itemsOf(page);
  }
}
