import { main } from '#libs/service-kit';
import { startServices } from './start-services.js';

await main('services', startServices, process.stdout.isTTY);
