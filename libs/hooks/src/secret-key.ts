import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;
const fileName = 'secret.key';

/** 32 bytes in base64, as they are written; undefined when the text is anything else. */
export const parseSecretKey = (text: string): Buffer | undefined => {
  const key = Buffer.from(text, 'base64');
  return key.length === keyBytes && key.toString('base64') === text ? key : undefined;
};

const readKey = async (path: string): Promise<Buffer | undefined> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = parseSecretKey(text.trim());
  if (key === undefined) throw new Error(`${path} does not hold 32 bytes in base64: restore it.`);
  return key;
};

// Written beside and linked into place: nobody reads half a key, and of two who start at once one wins.
const makeKey = async (path: string): Promise<void> => {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
};

/**
 * The key that secrets are sealed with: the given one, or that of the file `secret.key` in the data folder,
 * made at the first call and readable by its owner only. @throws Error when the file holds something else
 */
export const loadSecretKey = async (given: Buffer | undefined, dataDir: string): Promise<Buffer> => {
  if (given) return given;
  const path = join(dataDir, fileName);
  const held = await readKey(path);
  if (held) return held;
  await mkdir(dataDir, { recursive: true });
  await makeKey(path);
  const made = await readKey(path);
  if (made === undefined) throw new Error(`${path} could not be made.`);
  return made;
};
