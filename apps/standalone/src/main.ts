import { main } from '#libs/service-kit';
import { startStandalone } from './start-standalone.js';

await main('standalone', startStandalone, process.stdout.isTTY);
