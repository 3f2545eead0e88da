import type { TestProject } from 'vitest/node';
import type { EmbeddedPostgres } from '#libs/embedded';
import { removeLeftFolders, startDisposablePostgres } from './servers.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Postgres server that all test files of a run share. */
    postgresUrl: string;
  }
}

let postgres: EmbeddedPostgres | undefined;

/** Vitest calls this once for each project that names the file, before its tests. */
export const setup = async (project: TestProject): Promise<void> => {
  await removeLeftFolders();
  postgres = await startDisposablePostgres();
  project.provide('postgresUrl', postgres.url);
};

export const teardown = async (): Promise<void> => {
  await postgres?.stop();
};
