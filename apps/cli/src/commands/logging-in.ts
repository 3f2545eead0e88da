import { textOf } from '../input.js';
import type { CommandGroup } from '../command-group.js';
import { configPath, readConfigFile, writeConfigFile } from '../config-file.js';
import { askSecret } from '../ask-secret.js';
import type { Session } from '../session.js';
import { UsageError } from '../shell.js';
import type { Shape } from '../show/shape.js';

interface LoggedIn {
  profile: string;
  url: string;
  /** The file that it was written to. */
  file: string;
}

const loggedIn: Shape<LoggedIn> = {
  text: ({ profile, url, file }, { paint }) =>
    `Logged in to ${paint.bold(url)} as profile "${profile}".\n${paint.dim(`Written to ${file}.`)}`,
};

const keyOf = async ({ flags, shell }: Session): Promise<string> => {
  if (flags.apiKey !== undefined && flags.apiKey !== '-') return flags.apiKey;
  const asks = shell.stdin.isTTY === true && flags.apiKey !== '-';
  const key = (asks ? await askSecret('API key: ', shell) : await textOf(shell.stdin)).trim();
  if (key !== '') return key;
  throw new UsageError('No key was given.', 'handoffrail login --api-key -  reads it from standard input.');
};

const logIn = async (session: Session): Promise<void> => {
  const { profile = 'default', url } = session.flags;
  const file = configPath(session.shell.env);
  const config = await readConfigFile(file);
  const known = config.profiles?.[profile]?.url;
  const baseUrl = url ?? known ?? session.shell.env['HANDOFFRAIL_URL'] ?? 'http://localhost:8080';
  const apiKey = await keyOf(session);
  const { HandoffRail } = await import('#libs/sdk');
  // A key that is refused is not worth keeping.
  await new HandoffRail({ baseUrl, apiKey }).listPackets({ limit: 1 });
  const profiles = { ...config.profiles, [profile]: { url: baseUrl, api_key: apiKey } };
  await writeConfigFile(file, { ...config, default_profile: config.default_profile ?? profile, profiles });
  session.show({ profile, url: baseUrl, file }, loggedIn);
};

export const loggingIn: CommandGroup = {
  heading: 'This shell:',
  add: (program, run) => {
    program
      .command('login')
      .description('keep the address and the key of a rail: --url, --profile; the key is asked for')
      .action(run(logIn));
  },
};
