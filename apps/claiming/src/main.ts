import { boot } from '#libs/service-kit';
import { startClaiming } from './start-claiming.js';

await boot('claiming', startClaiming);
