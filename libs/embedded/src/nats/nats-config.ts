import { join } from 'node:path';
import type { NatsCredentials } from './credentials.js';

/** `strict`: an acknowledged message is on stable storage. `relaxed`: up to two minutes of them may be lost with the power. */
export type Durability = 'strict' | 'relaxed';

export interface NatsConfigFacts {
  dataDir: string;
  serverName: string;
  port: number;
  credentials: Omit<NatsCredentials, 'issuerSeed'>;
  durability: Durability;
}

const quoted = (text: string): string => JSON.stringify(text);

/** A packet is at most 1 MiB, and the limit counts headers and the rest of the event as well. */
const maxPayloadBytes = 2 * 1024 * 1024;

/** Each thing that an agent must not do is a line of the log. */
const logFileBytes = 1024 * 1024;

const login = (user: string, password: string): string =>
  `{ user: ${quoted(user)}, password: ${quoted(password)} }`;

// Whoever is neither the services nor the system user is asked about at the gateway. The services stay in the
// default account, where the streams of earlier releases are.
const authorization = ({ credentials }: NatsConfigFacts): string => {
  const { user, password, systemUser, systemPassword, issuer } = credentials;
  return `accounts {
  $SYS { users: [ ${login(systemUser, systemPassword)} ] }
}
authorization {
  users: [ ${login(user, password)} ]
  auth_callout {
    issuer: ${quoted(issuer)}
    auth_users: [ ${quoted(user)}, ${quoted(systemUser)} ]
  }
}`;
};

/** The server's configuration file: loopback, the services' user, agents by auth callout, JetStream. */
export const natsConfig = (facts: NatsConfigFacts): string => `# Written at each start; changes are lost.
server_name: ${quoted(facts.serverName)}
listen: "127.0.0.1:${facts.port}"
pid_file: ${quoted(join(facts.dataDir, 'nats.pid'))}
max_payload: ${maxPayloadBytes}
write_deadline: "10s"
log_file: ${quoted(join(facts.dataDir, 'nats.log'))}
logfile_size_limit: ${logFileBytes}
logfile_max_num: 3
${authorization(facts)}
jetstream {
  store_dir: ${quoted(join(facts.dataDir, 'jetstream'))}
  sync_interval: ${facts.durability === 'strict' ? 'always' : '"2m"'}
}
`;
