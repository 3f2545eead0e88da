import { boot } from '#libs/service-kit';
import { startWebhooks } from './start-webhooks.js';

await boot('webhooks', startWebhooks);
