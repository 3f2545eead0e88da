import { spawnSync } from 'node:child_process';
import { createClient, type Rail, realisticPacket, startRail } from '#libs/testing';
import { Latencies } from '../measure.js';
import { atMost, plain, record } from '../report.js';

const program = 'dist/apps/handoffrail/main.js';
const starts = 20;
const mostMs = 200;

const start = ({ url, key }: Rail, words: readonly string[]): void => {
  const env = { ...process.env, HANDOFFRAIL_URL: url, HANDOFFRAIL_API_KEY: key };
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`handoffrail ${words.join(' ')} ended with ${status}: ${stderr}`);
};

const medianMs = (rail: Rail, words: readonly string[]): number => {
  const latencies = new Latencies();
  for (let count = 0; count < starts; count += 1) {
    const before = performance.now();
    start(rail, words);
    latencies.add(performance.now() - before);
  }
  return latencies.quantile(0.5);
};

/** CLI: from the start of the program to its end, whole processes one after the other. */
export const shell = async () => {
  const rail = await startRail();
  try {
    const client = createClient(rail.url, rail.key, 1);
    const { id } = (await client.post('packets', realisticPacket(0))).body;
    await client.close();
    record(
      {
        workload: 'CLI',
        title: 'start of `handoffrail`',
        setting: `median of ${starts} runs, one at a time`,
      },
      [
        atMost(plain('--help', medianMs(rail, ['--help']), 'ms'), mostMs),
        atMost(plain('get', medianMs(rail, ['get', id as string]), 'ms'), mostMs),
      ],
    );
  } finally {
    await rail.stop();
  }
};
