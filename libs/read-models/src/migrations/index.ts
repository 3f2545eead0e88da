import { FirstReadModels1767225600000 } from './first-read-models.js';

export const migrations = [FirstReadModels1767225600000] as const;
