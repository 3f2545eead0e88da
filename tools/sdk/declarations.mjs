import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from '../docs/files.mjs';

const scratch = `${root}dist/packages/.declarations`;
const name = '@handoffrail/sdk';

/** Where the public surface is kept, to be reviewed when it changes. */
export const reportFolder = `${root}libs/sdk/api`;

const modelFile = (entry) => `${scratch}/reports/${entry}.api.json`;

/** What an entry exports, as the extractor understood it; after its declarations were written. */
export const exportsOf = (entry) => JSON.parse(readFileSync(modelFile(entry), 'utf8')).members[0].members;

// A rollup would give the second entry copies of the classes of the first, which TypeScript takes for other
// classes. So it imports them from the package, as a user of both does.
const fromThePackage = (text) => text.replaceAll(/from '\.\.\/(?!local\/)[^']*'/g, `from '${name}'`);

const stage = (folder) => {
  rmSync(scratch, { recursive: true, force: true });
  cpSync(`${root}dist/libs`, `${scratch}/libs`, {
    recursive: true,
    filter: (path) => !/\.(js|map)$/.test(path),
  });
  mkdirSync(`${scratch}/node_modules/@handoffrail`, { recursive: true });
  symlinkSync(folder, `${scratch}/node_modules/${name}`);
  writeFileSync(`${scratch}/package.json`, JSON.stringify({ name: 'scratch', type: 'module' }));
  const local = `${scratch}/libs/sdk/local`;
  for (const file of readdirSync(local)) {
    const path = `${local}/${file}`;
    writeFileSync(path, fromThePackage(readFileSync(path, 'utf8')));
  }
};

const configOf = (entry, folder) => ({
  projectFolder: scratch,
  mainEntryPointFilePath: `${scratch}/libs/sdk/${entry === 'index' ? '' : 'local/'}index.d.ts`,
  newlineKind: 'lf',
  compiler: {
    overrideTsconfig: {
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023'],
        module: 'nodenext',
        moduleResolution: 'nodenext',
        strict: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [`${root}node_modules/@types`],
        paths: { '#libs/*': [`${scratch}/libs/*/index.d.ts`] },
      },
      include: [`${scratch}/libs/sdk`],
    },
  },
  apiReport: {
    enabled: true,
    reportFolder,
    reportTempFolder: `${scratch}/reports`,
    reportFileName: `${entry}.api.md`,
    includeForgottenExports: true,
  },
  docModel: { enabled: true, apiJsonFilePath: modelFile(entry) },
  tsdocMetadata: { enabled: false },
  dtsRollup: { enabled: true, untrimmedFilePath: '', publicTrimmedFilePath: `${folder}/${entry}.d.ts` },
  messages: {
    extractorMessageReporting: {
      default: { logLevel: 'warning', addToApiReportFile: false },
      // Every export is public where it says nothing else.
      'ae-missing-release-tag': { logLevel: 'none' },
      'ae-undocumented': { logLevel: 'none' },
      // Not exported, and yet in the report, so that a change of theirs is seen.
      'ae-forgotten-export': { logLevel: 'none' },
    },
    tsdocMessageReporting: { default: { logLevel: 'none' } },
  },
});

/** Says what went wrong, as it is called with each message of the extractor. */
const tellingTo = (faults) => (message) => {
  message.handled = true;
  // What it says of its own doings is told by its result.
  const told = message.category === 'console' && message.logLevel !== 'error';
  if (!told && ['warning', 'error'].includes(message.logLevel))
    faults.push(`${message.messageId}: ${message.text}`);
};

/**
 * Writes one declaration file per entry and the report of its surface; faults are sentences. With `check` a
 * report that is not the checked-in one is a fault, and is left alone.
 */
export const writeDeclarations = (folder, { check }) => {
  stage(folder);
  mkdirSync(`${scratch}/reports`, { recursive: true });
  mkdirSync(reportFolder, { recursive: true });
  const faults = [];
  for (const entry of ['index', 'local']) {
    const configObject = configOf(entry, folder);
    const packageJsonFullPath = `${scratch}/package.json`;
    const config = ExtractorConfig.prepare({
      configObject,
      configObjectFullPath: undefined,
      packageJsonFullPath,
    });
    const said = tellingTo(faults);
    const { apiReportChanged } = Extractor.invoke(config, { localBuild: !check, messageCallback: said });
    if (check && apiReportChanged)
      faults.push(
        `libs/sdk/api/${entry}.api.md is not what the SDK exports: run npm run pack:sdk, review it, and say so in CHANGELOG.md`,
      );
  }
  return faults;
};
