import { StreamSlots } from '#libs/event-log';
import { RequestRates } from './request-rates.js';
import { StreamLimit } from './stream-limit.js';
import { TenantUsage } from './tenant-usage.js';

/** What a gateway counts with. */
export interface LimitParts {
  rates: RequestRates;
  slots: StreamSlots;
}

export const limitProviders = ({ rates, slots }: LimitParts) => [
  { provide: RequestRates, useValue: rates },
  { provide: StreamSlots, useValue: slots },
  StreamLimit,
  TenantUsage,
];
