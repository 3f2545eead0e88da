// `npm run docs` writes what is generated into the docs; `npm run docs:check` changes nothing and fails on
// every drift between the docs, the deployment and the code.
import { checkDeployment } from './docs/deployment.mjs';
import { driftOf, writeAll } from './docs/generated.mjs';
import { checkLinks } from './docs/links.mjs';
import { checkProblemPages } from './docs/problem-pages.mjs';
import { checkLengths } from './docs/lengths.mjs';
import { checkMetrics } from './docs/metrics.mjs';

if (!process.argv.includes('--check')) await writeAll();

const checks = { driftOf, checkProblemPages, checkLinks, checkLengths, checkMetrics, checkDeployment };
const faults = [];
for (const check of Object.values(checks)) faults.push(...(await check()));

for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'docs: no drift' : `docs: ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
