// A worker as users of the SDK write one: eight packets at once, stopped by SIGTERM. Tests kill it and put it to
// sleep.
import { setTimeout as delay } from 'node:timers/promises';
import { HandoffRail } from '../../../dist/libs/sdk/index.js';

const [baseUrl, apiKey, agentId] = process.argv.slice(2);
const rail = new HandoffRail({ baseUrl, apiKey, timeoutMs: 5_000 });

const options = { agentId, concurrency: 8, leaseSeconds: 2, waitSeconds: 2 };
const worker = rail.worker(options, async ({ context }, { signal, progress }) => {
  await progress(50);
  await delay(50 + Math.random() * 400, undefined, { signal });
  return { done: context.summary, by: process.pid };
});

process.once('SIGTERM', () => void worker.stop().then(() => process.stdout.write('drained\n')));
