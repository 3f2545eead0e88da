// `npm run pack:sdk` makes the package @handoffrail/sdk in dist/packages/sdk, writes the report of its public
// surface and its reference, and checks what `npm pack` would publish. With --check a change of them is a fault.
import { mkdirSync, rmSync } from 'node:fs';
import { root } from './docs/files.mjs';
import { entries, gzippedSize, minified, writeModules } from './sdk/bundle.mjs';
import { faultsOfPackage } from './sdk/check.mjs';
import { writeContents } from './sdk/contents.mjs';
import { writeDeclarations } from './sdk/declarations.mjs';
import { writeReference } from './sdk/reference.mjs';

const folder = `${root}dist/packages/sdk`;
const mostBytes = 12 * 1024;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeContents(folder, await writeModules(folder));
const check = process.argv.includes('--check');
const faults = writeDeclarations(folder, { check });
faults.push(...(await writeReference({ check })));
const core = await minified(entries.index);
faults.push(...faultsOfPackage(folder, core));

const size = gzippedSize(core);
if (size > mostBytes) faults.push(`the core has ${size} bytes gzipped, more than ${mostBytes}`);

for (const fault of faults) console.error(fault);
console.log(
  `@handoffrail/sdk: core ${(size / 1024).toFixed(1)} KiB minified and gzipped, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
