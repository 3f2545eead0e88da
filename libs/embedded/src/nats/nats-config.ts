import { join } from 'node:path';

/** `strict`: an acknowledged message is on stable storage. `relaxed`: up to two minutes of them may be lost with the power. */
export type Durability = 'strict' | 'relaxed';

export interface NatsConfigFacts {
  dataDir: string;
  serverName: string;
  port: number;
  user: string;
  password: string;
  durability: Durability;
}

const quoted = (text: string): string => JSON.stringify(text);

/** A packet is at most 1 MiB, and the limit counts headers and the rest of the event as well. */
const maxPayloadBytes = 2 * 1024 * 1024;

/** The server's configuration file: loopback, one user, JetStream. */
export const natsConfig = (facts: NatsConfigFacts): string => `# Written at each start; changes are lost.
server_name: ${quoted(facts.serverName)}
listen: "127.0.0.1:${facts.port}"
pid_file: ${quoted(join(facts.dataDir, 'nats.pid'))}
max_payload: ${maxPayloadBytes}
write_deadline: "10s"
authorization {
  user: ${quoted(facts.user)}
  password: ${quoted(facts.password)}
}
jetstream {
  store_dir: ${quoted(join(facts.dataDir, 'jetstream'))}
  sync_interval: ${facts.durability === 'strict' ? 'always' : '"2m"'}
}
`;
