import { Approvals1767571200000 } from './approvals.js';
import { FirstReadModels1767225600000 } from './first-read-models.js';
import { HistoryByTime1767830400000 } from './history-by-time.js';
import { Offers1767312000000 } from './offers.js';
import { SchemaIds1767657600000 } from './schema-ids.js';
import { Unrouted1767484800000 } from './unrouted.js';
import { WaitingCounts1767398400000 } from './waiting-counts.js';

export const migrations = [
  FirstReadModels1767225600000,
  Offers1767312000000,
  WaitingCounts1767398400000,
  Unrouted1767484800000,
  Approvals1767571200000,
  SchemaIds1767657600000,
  HistoryByTime1767830400000,
] as const;
