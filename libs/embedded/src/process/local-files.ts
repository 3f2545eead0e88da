import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';

/** A password of 32 hex digits, made once and kept in a file only its owner can read. */
export const keptSecret = async (file: string): Promise<string> => {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^[0-9a-f]{32}$/.test(kept.trim())) return kept.trim();
  const secret = randomBytes(16).toString('hex');
  await writePrivate(file, secret);
  return secret;
};

/** Writes a file that only its owner can read, whole or not at all. */
export const writePrivate = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.close();
  await rename(draft, file);
};

const logBytes = 1_048_576;

/** Keeps one earlier log when a server's log has grown over 1 MiB. Called before each start. */
export const rotateLog = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && found.size > logBytes) await rename(file, `${file}.1`);
};

/** The last lines of a log, for the message of a start that failed. */
export const logTail = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-12).join('\n');
};

/** Makes a folder that only its owner can enter. */
export const privateFolder = (path: string): Promise<unknown> =>
  mkdir(path, { recursive: true, mode: 0o700 });

/** Removes a file or a tree; missing is fine. */
export const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A loopback port that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
