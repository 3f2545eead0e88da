import { Draft, emptyContents } from './contents.js';
import { News } from './news.js';
import type { Store } from './store.js';

/** Keeps packets for as long as the process lives. */
export const memoryStore = (): Store => {
  const contents = emptyContents();
  const news = new News();
  return {
    read: async () => contents,
    change: async (task) => {
      const draft = new Draft(contents);
      const result = task(draft);
      draft.commit();
      if (!draft.isEmpty) news.tell();
      return result;
    },
    changed: async ({ position, ms }, signal) => {
      if (contents.position === position) await news.next(ms, signal);
    },
  };
};
