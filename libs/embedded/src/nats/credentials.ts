import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccount, fromSeed } from '@nats-io/nkeys';
import { keptSecret, writePrivate } from '../process/local-files.js';

/** Who may do what on the server; made once and kept beside its data. */
export interface NatsCredentials {
  /** The services, who may do everything but what the system account is for. */
  user: string;
  password: string;
  /** Who may see connections and end them. */
  systemUser: string;
  systemPassword: string;
  /** Nkey seed of the account that signs for whoever else connects. */
  issuerSeed: string;
  issuer: string;
}

const isSeed = (text: string): boolean => {
  try {
    return text.startsWith('SA') && fromSeed(Buffer.from(text)).getPublicKey().startsWith('A');
  } catch {
    return false;
  }
};

const keptSeed = async (file: string): Promise<string> => {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (isSeed(kept)) return kept;
  const seed = Buffer.from(createAccount().getSeed()).toString();
  await writePrivate(file, seed);
  return seed;
};

/** The credentials of the server whose data is in this folder. */
export const keptCredentials = async (dataDir: string): Promise<NatsCredentials> => {
  const [password, systemPassword, issuerSeed] = await Promise.all([
    keptSecret(join(dataDir, 'nats.secret')),
    keptSecret(join(dataDir, 'nats-system.secret')),
    keptSeed(join(dataDir, 'nats-issuer.seed')),
  ]);
  return {
    user: 'handoffrail',
    password,
    systemUser: 'handoffrail-system',
    systemPassword,
    issuerSeed,
    issuer: fromSeed(Buffer.from(issuerSeed)).getPublicKey(),
  };
};
