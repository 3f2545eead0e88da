import { approvals } from './approvals/index.js';
import { history } from './history/index.js';
import { packets } from './packets/index.js';
import type { ReadModel } from './read-model.js';
import { search } from './search/index.js';
import { stats } from './stats/index.js';
import { tags } from './tags/index.js';

/** The table of contents: every model that the log's events are projected into. Lineage is a query over packets. */
export const readModels: readonly ReadModel[] = [packets, tags, history, search, stats, approvals];
