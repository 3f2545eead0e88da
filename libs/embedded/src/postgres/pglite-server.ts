import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { remove } from '../process/local-files.js';
import { openGate } from './pglite-gate.js';

// The child process of pglite-site.ts. PGlite asks nobody for a password, so it listens only on a socket
// in a folder closed to others, and the gate before it, on the port, lets in who knows the password.
const maxConnections = 100;
const [cluster = '', port = '', pidFile = '', secretFile = ''] = process.argv.slice(2);

const socketFolders = join(tmpdir(), 'handoffrail-pglite-');

/** A killed process cannot remove its socket's folder, so the pid file names it for the next one. */
const removeLeftFolder = async (): Promise<void> => {
  const folder = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[1];
  if (folder?.startsWith(socketFolders)) await remove(folder);
};

const serve = async (): Promise<void> => {
  await removeLeftFolder();
  const db = await PGlite.create(cluster);
  await db.exec("SET timezone TO 'UTC'");
  const folder = process.platform === 'win32' ? '' : await mkdtemp(socketFolders);
  const path = folder === '' ? `\\\\.\\pipe\\handoffrail-pglite-${process.pid}` : join(folder, 'socket');
  const server = new PGLiteSocketServer({ db, path, maxConnections });
  await server.start();
  const password = (await readFile(secretFile, 'utf8')).trim();
  const gate = await openGate({ port: Number(port), path, password });
  const stop = async (): Promise<void> => {
    gate.close();
    await server.stop();
    await db.close();
    if (folder !== '') await remove(folder);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  await writeFile(pidFile, `${process.pid}\n${folder}`);
};

await serve();
