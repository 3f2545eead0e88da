import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The modules of the package, as `npm run pack:sdk` makes them, in a folder of their own. */
export interface PackedSdk {
  folder: string;
  remove(): void;
}

/** Makes the package's modules from the sources, so that no test reads those of an earlier build. */
export const packSdk = async (): Promise<PackedSdk> => {
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-packed-'));
  const make = `import { writeModules } from ${JSON.stringify(join(root, 'tools/sdk/bundle.mjs'))};
    await writeModules(process.argv[1]);`;
  await run(process.execPath, ['--input-type=module', '-e', make, folder], { cwd: root });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const bunNames = ['linux-x64', 'linux-aarch64', 'linux-x64-musl', 'darwin-x64', 'darwin-aarch64'];

/** The Bun that came with `npm ci`; undefined where it has none for this machine. */
export const findBun = (): string | undefined =>
  bunNames
    .map((name) => join(root, `node_modules/@oven/bun-${name}/bin/bun`))
    .find((path) => existsSync(path));
