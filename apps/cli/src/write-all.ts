import { once } from 'node:events';
import type { Sink } from './shell.js';

/** Writes text as it comes, no faster than it is taken: what is exported may be larger than the memory. */
export const writeAll = async (sink: Sink, texts: AsyncIterable<string>): Promise<void> => {
  for await (const text of texts) if (!sink.write(text)) await once(sink, 'drain');
};
