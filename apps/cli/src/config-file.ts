import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Shell, UsageError } from './shell.js';

/** A rail that is talked to, and as whom. */
export interface Profile {
  url?: string;
  api_key?: string;
}

/** `~/.config/handoffrail/config.toml` */
export interface ConfigFile {
  /** Of the profiles, the one that is meant when none is named. */
  default_profile?: string;
  profiles?: Record<string, Profile>;
}

/** Where the profiles are: below XDG_CONFIG_HOME, or else in `~/.config`. */
export const configPath = ({ XDG_CONFIG_HOME }: Shell['env']): string =>
  join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'handoffrail', 'config.toml');

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isProfile = (value: unknown): boolean =>
  isTable(value) && isText(value['url']) && isText(value['api_key']);

const isConfig = (value: Record<string, unknown>): boolean => {
  const { default_profile, profiles = {} } = value;
  return isText(default_profile) && isTable(profiles) && Object.values(profiles).every(isProfile);
};

/** What is in the file; nothing where there is none. @throws UsageError when it cannot be understood */
export const readConfigFile = async (path: string): Promise<ConfigFile> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return {};
    throw new UsageError(`${path} cannot be read: ${String(error)}`);
  }
  const { parse } = await import('smol-toml');
  let value: Record<string, unknown>;
  try {
    value = parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no TOML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isConfig(value)) return value;
  throw new UsageError(
    `${path} is not as it should be.`,
    'It holds [profiles.NAME] with the texts url and api_key, and default_profile before them.',
  );
};

/** Writes the file anew, readable by its owner only; whoever reads it meanwhile sees the old one or the new one. */
export const writeConfigFile = async (path: string, config: ConfigFile): Promise<void> => {
  const { stringify } = await import('smol-toml');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${stringify(config)}\n`, { mode: 0o600 });
  await rename(draft, path);
};
