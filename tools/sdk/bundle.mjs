import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { root } from '../docs/files.mjs';

const source = `${root}libs/sdk/src`;
export const entries = { index: `${source}/index.ts`, local: `${source}/local/index.ts` };

const options = (input) => ({
  input,
  cwd: root,
  platform: 'neutral',
  external: /^node:/,
  resolve: {
    alias: Object.fromEntries(
      ['packet', 'json-schema'].map((name) => [`#libs/${name}`, `${root}libs/${name}/src/index.ts`]),
    ),
    mainFields: ['module', 'main'],
  },
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
});

/** Writes the modules of the package; what both entries use is one module, so that a class is one class. */
export const writeModules = async (folder) => {
  const bundle = await rolldown(options(entries));
  const format = { dir: folder, format: 'esm', chunkFileNames: 'shared/[name].js', minify: false };
  const { output } = await bundle.write(format);
  await bundle.close();
  return output;
};

/** What a page loads that takes everything from an entry: one minified module, without comments. */
export const minified = async (entry) => {
  const bundle = await rolldown(options({ entry }));
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return output.map(({ code }) => code ?? '').join('');
};

/** Bytes, gzipped. */
export const gzippedSize = (text) => gzipSync(text, { level: 9 }).length;
