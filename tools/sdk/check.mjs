import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../docs/files.mjs';

const expected =
  /^(index|local)\.(js|d\.ts)$|^shared\/[\w-]+\.js$|^(package\.json|README\.md|LICENSE|THIRD-PARTY\.md)$/;
const secrets = [
  /hr_[\w-]{43}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /whsec_[A-Za-z0-9+/]{20}/,
  /npm_[A-Za-z0-9]{36}/,
];
// Whatever only Node has; `globalThis.process` would be as wrong.
const builtIns = /\b(?:from|import)\s*\(?['"]node:|\bprocess\.|\bBuffer\.|\brequire\(/;

const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });

const pack = (folder, target) => {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', target], folder));
  return { files: packed.files.map(({ path }) => path), tarball: join(target, packed.filename) };
};

const faultsInFiles = (folder, files) =>
  files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [
      ...(expected.test(file) ? [] : [`${file} does not belong into the package`]),
      ...(text.includes('sourceMappingURL') ? [`${file} names a source map`] : []),
      ...secrets
        .filter((secret) => secret.test(text))
        .map((secret) => `${file} holds what looks like ${secret}`),
    ];
  });

const faultsInCore = (code) =>
  builtIns.test(code) ? [`the core uses what only Node has: ${builtIns.exec(code)[0]}`] : [];

const user = `
import { HandoffRail, HandoffRailClient, verifyWebhook } from '@handoffrail/sdk';
import { LocalRail } from '@handoffrail/sdk/local';
import type { PacketBatches } from '@handoffrail/sdk';

const either: PacketBatches[] = [new HandoffRail({ baseUrl: 'http://localhost', apiKey: 'hr_' }), new LocalRail()];
const made = await either[1]!.createPacket({ sourceAgent: 'a', targetAgent: 'b', summary: 'c' });
if (made.status !== 'created' || HandoffRailClient !== HandoffRail || !verifyWebhook) throw new Error('not what it should be');
`;

// Somebody who has only the package: it installs, its types hold, it runs, and the process ends by itself.
const faultsForUser = (tarball, empty) => {
  const compile = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--exactOptionalPropertyTypes'];
  try {
    writeFileSync(
      join(empty, 'package.json'),
      JSON.stringify({ name: 'empty', private: true, type: 'module' }),
    );
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], empty);
    writeFileSync(join(empty, 'user.ts'), user);
    const types = ['--types', 'node', '--typeRoots', `${root}node_modules/@types`];
    run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, ...compile, ...types, 'user.ts'], empty);
    run(process.execPath, ['user.js'], empty);
    return [];
  } catch (error) {
    return [
      `the package does not work in an empty folder: ${error.stdout ?? ''}${error.stderr ?? error.message}`,
    ];
  }
};

/** One sentence for each thing that is wrong with what `npm pack` makes of the folder, or with the minified core. */
export const faultsOfPackage = (folder, core) => {
  const empty = mkdtempSync(join(tmpdir(), 'handoffrail-sdk-'));
  try {
    const { files, tarball } = pack(folder, empty);
    return [...faultsInFiles(folder, files), ...faultsInCore(core), ...faultsForUser(tarball, empty)];
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
};
