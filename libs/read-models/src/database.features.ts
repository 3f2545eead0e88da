import { startServers } from '#libs/testing';
import type { DataSource } from 'typeorm';
import { createDataSource, migrate } from './index.js';

export interface FreshDatabase {
  dataSource: DataSource;
  url: string;
  stop: () => Promise<void>;
}

/** A migrated database of its own, and how to let go of it. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const servers = await startServers({ postgres: true });
  const url = servers.databaseUrl;
  const dataSource = createDataSource(url);
  await migrate(dataSource);
  const stop = async () => {
    await dataSource.destroy();
    await servers.stop();
  };
  return { dataSource, url, stop };
};
