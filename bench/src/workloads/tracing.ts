import { type ChildProcess, spawn } from 'node:child_process';
import { freePort, startRail } from '#libs/testing';
import { runLifecycles } from '../lifecycle.js';
import { median } from '../measure.js';
import { atLeast, plain, record } from '../report.js';
import type { Effort } from './lifecycles.js';

// The receiver is a process of its own that throws everything away: what is measured is the rail's part.
const sinkSource = `
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
}).listen(Number(process.argv[1]), '127.0.0.1');`;

const startSink = async (): Promise<{ url: string; child: ChildProcess }> => {
  const port = await freePort();
  const child = spawn(process.execPath, ['-e', sinkSource, String(port)], { stdio: 'ignore' });
  return { url: `http://127.0.0.1:${port}`, child };
};

/** W10: W1 with tracing at 10 % and at 100 %, against W1 without, in turn. */
export const w10 = async ({ runs, seconds }: Effort) => {
  const sink = await startSink();
  const settings: Record<string, Record<string, string>> = {
    off: {},
    ten: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, HR_TRACE_RATIO: '0.1' },
    all: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, HR_TRACE_RATIO: '1' },
  };
  const rates: Record<string, number[]> = { off: [], ten: [], all: [] };
  try {
    for (let run = 0; run < runs; run += 1) {
      for (const [name, env] of Object.entries(settings)) {
        const rail = await startRail({ env: { HR_DURABILITY: 'strict', ...env } });
        await runLifecycles(rail, { connections: 64, seconds: Math.min(4, seconds) });
        rates[name]?.push((await runLifecycles(rail, { connections: 64, seconds })).perSecond);
        await rail.stop();
      }
    }
  } finally {
    sink.child.kill();
  }
  const of = (name: string) => median(rates[name] ?? []);
  record(
    {
      workload: 'W10',
      title: 'W1 with tracing on',
      setting: `strict durability, 64 connections, median of ${runs} interleaved runs of ${seconds} s`,
    },
    [
      plain('lifecycles without tracing', of('off'), '/s'),
      atLeast(plain('ratio at 10 %', of('ten') / of('off'), ''), 0.75),
      atLeast(plain('ratio at 100 %', of('all') / of('off'), ''), 0.6),
    ],
  );
};
