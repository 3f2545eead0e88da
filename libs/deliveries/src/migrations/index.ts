import { Deliveries1767657600000 } from './deliveries.js';

export const migrations = [Deliveries1767657600000] as const;
