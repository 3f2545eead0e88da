import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderReport } from './report.js';
import { w2 } from './workloads/contention.js';
import { w8, w9 } from './workloads/footprint.js';
import { w3, w3b, w3Ratio } from './workloads/distribution.js';
import { w6 } from './workloads/feeds.js';
import { w1, w1c, w1Relaxed } from './workloads/lifecycles.js';
import { limits } from './workloads/limits.js';
import { w4 } from './workloads/projection.js';
import { w7 } from './workloads/reads.js';
import { shell } from './workloads/shell.js';
import { timersWorkload } from './workloads/timers.js';
import { w10 } from './workloads/tracing.js';
import { w5 } from './workloads/webhooks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '15' },
    minutes: { type: 'string', default: '10' },
    packets: { type: 'string', default: '1000000' },
    timers: { type: 'string', default: '1000000' },
    backlog: { type: 'string', default: '100000' },
    report: { type: 'boolean', default: false },
  },
});

const effort = { runs: Number(values.runs), seconds: Number(values.seconds) };

const workloads: Record<string, () => Promise<void>> = {
  W1: () => w1(effort),
  W1r: () => w1Relaxed(effort),
  W1c: () => w1c(effort),
  W2: () => w2(),
  W3: () => w3({ backlog: Number(values.backlog) }),
  W3r: () => w3Ratio({ backlog: Number(values.packets), runs: effort.runs }),
  W3b: () => w3b({ seconds: effort.seconds }),
  W4: () => w4(effort),
  W5: () => w5(effort),
  W6: () => w6(effort),
  W7: () => w7({ ...effort, packets: Number(values.packets) }),
  W8: () => w8({ minutes: Number(values.minutes) }),
  W9: () => w9({ runs: effort.runs }),
  W10: () => w10(effort),
  CLI: () => shell(),
  LIMITS: () => limits(effort),
  TIMERS: () => timersWorkload({ pending: Number(values.timers) }),
};

const marker = '<!-- generated below this line by `npm run bench -- --report` -->';

/** Puts the recorded tables under the marker of docs/performance.md. */
const writeReport = () => {
  const page = 'docs/performance.md';
  const [head] = readFileSync(page, 'utf8').split(marker);
  writeFileSync(page, `${head?.trimEnd()}\n\n${marker}\n\n${renderReport()}\n`);
};

const wanted = positionals.length > 0 ? positionals : values.report ? [] : Object.keys(workloads);
for (const name of wanted) {
  const workload = workloads[name];
  if (!workload) throw new Error(`no workload ${name}: there are ${Object.keys(workloads).join(', ')}`);
  await workload();
}
if (values.report) writeReport();
