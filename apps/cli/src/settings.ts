import { configPath, type Profile, readConfigFile } from './config-file.js';
import { type Shell, UsageError } from './shell.js';

/** Flags that every command takes. */
export interface GlobalFlags {
  url?: string;
  apiKey?: string;
  profile?: string;
  json?: boolean;
  quiet?: boolean;
  color?: boolean;
}

/** Which rail, and as whom. */
export interface Settings {
  baseUrl: string;
  apiKey: string | undefined;
}

const defaultUrl = 'http://localhost:8080';

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:/.test(text);

const profileOf = async (name: string | undefined, env: Shell['env']): Promise<Profile> => {
  const path = configPath(env);
  const { profiles = {}, default_profile } = await readConfigFile(path);
  const profile = profiles[name ?? default_profile ?? 'default'];
  if (profile !== undefined || name === undefined) return profile ?? {};
  const known = Object.keys(profiles).join(', ');
  throw new UsageError(
    `There is no profile "${name}" in ${path}.`,
    known === '' ? `Make it: handoffrail login --profile ${name}` : `There is: ${known}`,
  );
};

const sameServer = (one: string, other: string): boolean =>
  one.replace(/\/+$/, '') === other.replace(/\/+$/, '');

interface Asked {
  url?: string | undefined;
  apiKey?: string | undefined;
  profile?: string | undefined;
}

/** What the environment asks for; a variable that is set to nothing is not set. */
const inEnvironment = (env: Shell['env']): Asked => ({
  url: env['HANDOFFRAIL_URL'] || undefined,
  apiKey: env['HANDOFFRAIL_API_KEY'] || undefined,
  profile: env['HANDOFFRAIL_PROFILE'] || undefined,
});

/** What is asked for at the prompt, or else by the environment. A profile that is named stands for its flags. */
const asked = (flags: Asked, env: Shell['env']): Asked => {
  const around = flags.profile === undefined ? inEnvironment(env) : {};
  return {
    url: flags.url ?? around.url,
    apiKey: flags.apiKey ?? around.apiKey,
    profile: flags.profile ?? around.profile,
  };
};

const isComplete = ({ url, apiKey, profile }: Asked): boolean =>
  url !== undefined && apiKey !== undefined && profile === undefined;

/**
 * Flags come first, then the environment, then the profile, then the defaults. The key of a profile goes to the
 * server of that profile and to no other.
 * @throws UsageError
 */
export const settingsFrom = async (flags: Asked, env: Shell['env']): Promise<Settings> => {
  const wanted = asked(flags, env);
  const profile = isComplete(wanted) ? {} : await profileOf(wanted.profile, env);
  const itsUrl = profile.url ?? defaultUrl;
  const baseUrl = wanted.url ?? itsUrl;
  if (!isUrl(baseUrl))
    throw new UsageError(`"${baseUrl}" is no address of a rail.`, `Such as: ${defaultUrl}`);
  const itsKey = sameServer(baseUrl, itsUrl) ? profile.api_key : undefined;
  return { baseUrl, apiKey: wanted.apiKey ?? itsKey };
};
