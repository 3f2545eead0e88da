import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { read, root } from '../docs/files.mjs';

const noticeNames = /^(licen[cs]e|copying|notice)/i;

const packagesOf = (output) => {
  const modules = output.flatMap(({ modules = {} }) => Object.keys(modules));
  const found = modules.map((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id));
  return new Map(found.filter((match) => match !== null).map(([path, name]) => [name, path]));
};

const noticeOf = ([name, path]) => {
  const { version, license } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  const texts = readdirSync(path).filter((file) => noticeNames.test(file));
  if (texts.length === 0) throw new Error(`${name} is bundled and has no licence to pass on`);
  const text = texts.map((file) => readFileSync(`${path}/${file}`, 'utf8').trim()).join('\n\n');
  return `## ${name} ${version} (${license})\n\n${text}\n`;
};

const manifest = () => {
  const { version, license, description } = JSON.parse(read('package.json'));
  return {
    name: '@handoffrail/sdk',
    version,
    description: `${description} The client for TypeScript and JavaScript.`,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './local': { types: './local.d.ts', default: './local.js' },
      './package.json': './package.json',
    },
  };
};

// Where the package is read there is no repository around it.
const withoutOurLinks = (text) => text.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1');

/** Writes what goes with the modules: the manifest, the readme, our licence and those of what is bundled. */
export const writeContents = (folder, output) => {
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest(), null, 2)}\n`);
  writeFileSync(`${folder}/README.md`, withoutOurLinks(read('docs/sdk.md')));
  if (existsSync(`${root}LICENSE`)) writeFileSync(`${folder}/LICENSE`, read('LICENSE'));
  const notices = [...packagesOf(output)].sort(([a], [b]) => (a < b ? -1 : 1)).map(noticeOf);
  const head = '# What is bundled into the entry `./local`, and its licences\n\n';
  writeFileSync(`${folder}/THIRD-PARTY.md`, head + notices.join('\n'));
};
