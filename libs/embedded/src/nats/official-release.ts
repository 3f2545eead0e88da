import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FoundNats, inDraftFolder, installNats, natsBinaryName, natsPlatform } from './cache.js';
import { pinnedNats } from './version.js';

const run = promisify(execFile);

interface Archive {
  name: string;
  sha256: string;
}

/** From the release's SHA256SUMS. The version, the names and the sums change together. */
const archives: Partial<Record<string, Archive>> = {
  'linux-x64': {
    name: `nats-server-v${pinnedNats}-linux-amd64.tar.gz`,
    sha256: '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
  },
  'linux-arm64': {
    name: `nats-server-v${pinnedNats}-linux-arm64.tar.gz`,
    sha256: 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
  },
  'darwin-x64': {
    name: `nats-server-v${pinnedNats}-darwin-amd64.tar.gz`,
    sha256: '5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95',
  },
  'darwin-arm64': {
    name: `nats-server-v${pinnedNats}-darwin-arm64.tar.gz`,
    sha256: 'e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8',
  },
  'win32-x64': {
    name: `nats-server-v${pinnedNats}-windows-amd64.zip`,
    sha256: '2d0861dc2ca3567d17f7d19611d7b346cc2ccbd7086a0a77cc957a2c71663200',
  },
};

const releases = 'https://github.com/nats-io/nats-server/releases/download';
const answerMs = 4_000;
const downloadMs = 60_000;

const fetchWithin = async (url: string): Promise<Buffer> => {
  const abort = new AbortController();
  const noAnswer = setTimeout(() => abort.abort(new Error(`no answer within ${answerMs} ms`)), answerMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(downloadMs)]),
    });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    clearTimeout(noAnswer);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(noAnswer);
  }
};

const checked = (bytes: Buffer, archive: Archive): Buffer => {
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== archive.sha256) throw new Error(`${archive.name} has the checksum ${sum}, not the release's`);
  return bytes;
};

/** Fetches the pinned release for this platform into the cache; throws why it could not. */
export const fromOfficialRelease = async (folder: string): Promise<FoundNats> => {
  const archive = archives[natsPlatform];
  if (archive === undefined) throw new Error(`no archive is listed for ${natsPlatform}`);
  const url = `${releases}/v${pinnedNats}/${archive.name}`;
  const bytes = checked(await fetchWithin(url), archive);
  return inDraftFolder(folder, async (draft) => {
    const file = join(draft, archive.name);
    await writeFile(file, bytes);
    // Every supported system has tar, and that of Windows reads zip files too.
    await run('tar', ['-xf', archive.name], { cwd: draft, timeout: 30_000 });
    const root = archive.name.replace(/\.(tar\.gz|zip)$/, '');
    const installed = await installNats(folder, join(draft, root, natsBinaryName));
    return { ...installed, source: `official release ${pinnedNats}, checksum verified` };
  });
};
