import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Launch } from '../process/child.js';
import { remove } from '../process/local-files.js';

export const postgresUser = 'handoffrail';
export const postgresDatabase = 'postgres';

export interface SiteOptions {
  dataDir: string;
  disposable: boolean;
  log: (line: string) => void;
}

/** What one kind of Postgres is made of in a data directory, ready to be started. */
export interface PostgresSite {
  /** One line: which server this is. */
  source: string;
  /** Where its data lies. It is moved aside when the server cannot start from it. */
  cluster: string;
  password: string;
  /** Makes the data if there is none. */
  ensure(): Promise<void>;
  launch(port: number): Launch;
  /** Whether the server with this process id takes connections. */
  isReady(pid: number): Promise<boolean>;
}

/** This kind of Postgres does not run on this machine; another may. */
export class PostgresUnavailable extends Error {}

/** Puts data that cannot be used out of the way. Only the last one is kept, for a look at it. */
export const moveAside = async (cluster: string): Promise<string> => {
  const parent = dirname(cluster);
  const prefix = `${basename(cluster)}.unusable-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await remove(join(parent, name));
  }
  const place = join(parent, `${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}`);
  await rename(cluster, place);
  return place;
};
