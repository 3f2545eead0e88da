import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Contents, Draft, emptyContents } from './contents.js';
import { BadFormat, Lines, parseFile } from './file-format.js';
import { lockFile, sweepLocks } from './file-lock.js';
import { News } from './news.js';
import type { Store } from './store.js';
import { corruptStore, StoreError, unavailableStore } from './store-error.js';

const lockTimeoutMs = 30_000;
/** What other processes write is looked for this often while somebody waits for it. */
const lookMs = 50;
/** A packet's content may be nobody else's business. */
const newFileMode = 0o600;

/** One version of the file. */
interface Version {
  /** Undefined: there is no file. */
  stamp: string | undefined;
  mode: number;
}

interface Job {
  task: (draft: Draft) => unknown;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';

const versionOf = async (path: string): Promise<Version> => {
  try {
    const { ino, size, mtimeNs, ctimeNs, mode } = await stat(path, { bigint: true });
    return { stamp: [ino, size, mtimeNs, ctimeNs].join(), mode: Number(mode) & 0o777 };
  } catch (error) {
    if (isMissing(error)) return { stamp: undefined, mode: newFileMode };
    throw error;
  }
};

/** A rename is safe from a loss of power only once its directory is on disk, too. */
const syncDirectory = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
};

/** Puts the text in the place of the file: whoever looks sees the old one or the new one, whole. */
const replaceFile = async (path: string, text: string, mode: number): Promise<void> => {
  // Only the holder of the lock writes it; what a crash has left of one is nothing to anybody.
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
};

/** Keeps packets in one JSON file that any number of processes may use at once. */
class FileStore implements Store {
  readonly #lines = new Lines();
  readonly #news = new News();
  #contents = emptyContents();
  /** The version of the file that `#contents` is; null: none, it is to be read. */
  #stamp: string | undefined | null = null;
  #waiting: Job[] = [];
  #isSwept = false;
  #working: Promise<void> | undefined;

  constructor(private readonly given: string) {}

  async read(): Promise<Contents> {
    // What is not on disk yet is nobody's to see.
    while (this.#working) await this.#working;
    const path = await this.#path();
    await this.#guard(path, () => this.#refresh(path));
    return this.#contents;
  }

  change<T>(task: (draft: Draft) => T): Promise<T> {
    return new Promise<T>((resolveJob, reject) => {
      this.#waiting.push({ task, resolve: resolveJob as Job['resolve'], reject });
      this.#working ??= this.#work().finally(() => (this.#working = undefined));
    });
  }

  async changed({ position, ms }: { position: number; ms: number }, signal: AbortSignal): Promise<void> {
    const end = Date.now() + ms;
    while (Date.now() < end && !signal.aborted && (await this.read()).position === position)
      await this.#news.next(Math.min(lookMs, end - Date.now()), signal);
  }

  /** Where the file is: a link to it must stay one. */
  async #path(): Promise<string> {
    return realpath(this.given).catch(() => resolve(this.given));
  }

  async #guard<T>(path: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (error instanceof BadFormat) throw corruptStore(path, error.message);
      throw error instanceof StoreError ? error : unavailableStore(path, error);
    }
  }

  async #refresh(path: string): Promise<Version> {
    const version = await versionOf(path);
    if (version.stamp === this.#stamp) return version;
    if (version.stamp === undefined) this.#contents = emptyContents();
    else this.#contents = parseFile(await readFile(path, 'utf8'), this.#lines.known(this.#contents));
    // A file that was replaced since it was stamped is read once more the next time.
    this.#stamp = version.stamp;
    return version;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting;
      this.#waiting = [];
      try {
        const path = await this.#path();
        const settle = await this.#guard(path, () => this.#locked(path, jobs));
        settle();
      } catch (error) {
        for (const { reject } of jobs) reject(error);
      }
    }
  }

  /** Carries out all jobs that wait, for the price of one write; returns what answers them. */
  async #locked(path: string, jobs: Job[]): Promise<() => void> {
    const unlock = await lockFile(`${path}.lock`, lockTimeoutMs);
    try {
      if (!this.#isSwept) await sweepLocks(`${path}.lock`);
      this.#isSwept = true;
      const { mode } = await this.#refresh(path);
      const answers: (() => void)[] = [];
      let isChanged = false;
      for (const job of jobs) isChanged = this.#carryOut(job, answers) || isChanged;
      if (isChanged) await this.#write(path, mode);
      return () => answers.forEach((answer) => answer());
    } finally {
      await unlock();
    }
  }

  #carryOut({ task, resolve: fulfil, reject }: Job, answers: (() => void)[]): boolean {
    const draft = new Draft(this.#contents);
    try {
      const result = task(draft);
      draft.commit();
      answers.push(() => fulfil(result));
      return !draft.isEmpty;
    } catch (error) {
      answers.push(() => reject(error));
      return false;
    }
  }

  async #write(path: string, mode: number): Promise<void> {
    // Until it is written, what is in memory is not what is on disk.
    this.#stamp = null;
    await replaceFile(path, this.#lines.render(this.#contents), mode);
    this.#stamp = (await versionOf(path)).stamp;
    this.#news.tell();
  }
}

/** @param path of the file; it is made by the first change, its directory must be there */
export const fileStore = (path: string): Store => new FileStore(path);
