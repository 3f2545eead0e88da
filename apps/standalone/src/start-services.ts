import { type Config, type Logger, type Running, StartError } from '#libs/service-kit';
import { banner } from './banner.js';
import { checkPort } from './check-port.js';
import { ChildService } from './child-service.js';
import { makeReady } from './make-ready.js';
import { say } from './say.js';
import { type Servers, startServers } from './servers.js';

interface Member {
  app: string;
  name: string;
}

const copiesOf = (app: string, copies: number): Member[] =>
  Array.from({ length: copies }, (_, index) => ({ app, name: copies === 1 ? app : `${app}-${index + 1}` }));

/** In start order; the doors come last, and close first. */
const membersOf = ({ copies }: Config): Member[] => [
  ...copiesOf('ingestion', copies),
  ...copiesOf('claiming', copies),
  ...copiesOf('approvals', 1),
  ...copiesOf('projector', 1),
  ...copiesOf('webhooks', 1),
  ...copiesOf('gateway', 1),
];

/** What lets agents in is the gateway's alone. */
const doorEnv = ({ systemUrl, issuerSeed }: Servers['nats']): Record<string, string> => ({
  ...(systemUrl !== undefined && { HR_NATS_SYSTEM_URL: systemUrl }),
  ...(issuerSeed !== undefined && { HR_NATS_ISSUER_SEED: issuerSeed }),
});

const childrenOf = (config: Config, { nats, postgres }: Servers): ChildService[] => {
  const members = membersOf(config);
  const width = Math.max(...members.map(({ name }) => name.length));
  // One health port cannot serve them all: the gateway's own shows the rail's health.
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, HR_HEALTH_PORT: '' };
  return members.map(
    ({ app, name }) =>
      new ChildService({
        app,
        name,
        env: app === 'gateway' ? { ...env, ...doorEnv(nats) } : env,
        say: (line) => say(`${name.padEnd(width)} | ${line}`),
      }),
  );
};

const startAll = async (children: ChildService[], servers: Servers): Promise<void> => {
  process.once('exit', () => children.forEach((child) => child.kill()));
  try {
    await Promise.all(children.map((child) => child.start()));
  } catch (error) {
    children.forEach((child) => child.kill());
    await servers.stop();
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
};

const stopAll = async (children: ChildService[]): Promise<void> => {
  const [door, ...rest] = [...children].reverse();
  await door?.stop();
  await Promise.all(rest.map((child) => child.stop()));
};

/** Every service as a process of its own, on servers of its own unless it was pointed at some. */
export const startServices = async (config: Config, logger: Logger): Promise<Running> => {
  await checkPort(config);
  const servers = await startServers(config, logger);
  const newKey = await makeReady({ ...config, natsUrl: servers.nats.url }, logger);
  const children = childrenOf(config, servers);
  await startAll(children, servers);
  say(banner({ config, servers, newKey, startedInMs: process.uptime() * 1_000 }));
  return {
    stop: async () => {
      await stopAll(children);
      await servers.stop();
    },
  };
};
