// Makes the program that `handoffrail` runs: few files instead of a hundred, so that it starts in time. What it
// does not need at once stays apart. The folder is as deep as `dist/apps/cli`, for what is found by its place.
import { chmodSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { root } from './docs/files.mjs';

const folder = `${root}dist/apps/handoffrail`;
const bundle = await rolldown({ input: `${root}dist/apps/cli/main.js`, cwd: root, platform: 'node' });
await bundle.write({ dir: folder, format: 'esm', minify: true, chunkFileNames: '[name].js' });
await bundle.close();
chmodSync(`${folder}/main.js`, 0o755);
