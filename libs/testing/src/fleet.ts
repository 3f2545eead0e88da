import { randomBytes } from 'node:crypto';
import { freePort } from './free-port.js';
import { newApiKey, type ServiceProcess, startProcess, untilReady } from './rail.js';

/** The services of a rail that can be started alone, in start order. */
export const services = ['ingestion', 'claiming', 'approvals', 'projector', 'webhooks', 'gateway'] as const;
export type ServiceName = (typeof services)[number];

interface Member {
  service: ServiceName;
  copy: number;
  env: Record<string, string>;
  process: ServiceProcess;
}

/** Separate processes on given servers, any number of copies of each: what tests kill and start again. */
export interface Fleet {
  /** The first gateway. */
  readonly url: string;
  /** Every gateway. */
  readonly urls: string[];
  readonly key: string;
  member(service: ServiceName, copy?: number): ServiceProcess;
  /** SIGKILL, then a new process of the same kind. */
  killAndRestart(service: ServiceName, copy?: number): Promise<void>;
  /** What all of them wrote, the dead ones left out. */
  output(): string;
  stop(): Promise<void>;
}

/** None of these: for fleets in which no packet is worked on, which are sooner ready. */
export const noWork = { claiming: 0, approvals: 0, webhooks: 0 } as const;

/** Starts the services on the given NATS and Postgres and waits until each gateway is ready. */
export const startFleet = async (options: {
  natsUrl: string;
  databaseUrl: string;
  copies?: Partial<Record<ServiceName, number>>;
  env?: Record<string, string>;
  key?: string;
}): Promise<Fleet> => {
  const key = options.key ?? newApiKey();
  const secretKey = randomBytes(32).toString('base64');
  const start = async (service: ServiceName, copy: number): Promise<Member> => {
    const env = {
      NATS_URL: options.natsUrl,
      DATABASE_URL: options.databaseUrl,
      HR_BOOTSTRAP_API_KEY: key,
      HR_SECRET_KEY: secretKey,
      HR_LOG_LEVEL: 'warn',
      ...(service === 'gateway' ? { PORT: String(await freePort()) } : {}),
      ...options.env,
    };
    return { service, copy, env, process: startProcess(`${service}/main.js`, env) };
  };
  const wanted = services.flatMap((service) =>
    Array.from({ length: options.copies?.[service] ?? 1 }, (_, copy) => ({ service, copy })),
  );
  const members = await Promise.all(wanted.map(({ service, copy }) => start(service, copy)));
  const find = (service: ServiceName, copy: number): Member => {
    const member = members.find((one) => one.service === service && one.copy === copy);
    if (!member) throw new Error(`no ${service} ${copy} in this fleet`);
    return member;
  };
  const urlOf = (member: Member) => `http://127.0.0.1:${member.env['PORT']}`;
  const gateways = members.filter((member) => member.service === 'gateway');
  await Promise.all(gateways.map((gateway) => untilReady(`${urlOf(gateway)}/ready`, gateway.process)));
  const urls = gateways.map(urlOf);
  return {
    url: urls[0] ?? '',
    urls,
    key,
    member: (service, copy = 0) => find(service, copy).process,
    killAndRestart: async (service, copy = 0) => {
      const member = find(service, copy);
      await member.process.stop('SIGKILL');
      member.process = startProcess(`${service}/main.js`, member.env);
    },
    output: () => members.map((member) => member.process.output()).join('\n'),
    stop: async () => {
      await Promise.all([...members].reverse().map((member) => member.process.stop()));
    },
  };
};
