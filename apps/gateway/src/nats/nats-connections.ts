import type { NatsConnection } from '@nats-io/nats-core';

/** A connection of an agent, on one of the servers. */
export interface AgentConnection {
  server: string;
  cid: number;
  keyId: string;
}

const prefix = 'key:';
const pageSize = 1_000;
/** How long servers may take to answer, and how long the next one after another. */
const [patienceMs, pauseMs] = [1_000, 200];

/** The user as which the holder of a key is known to NATS servers. */
export const userOf = (keyId: string): string => prefix + keyId;

interface Page {
  server: { id: string };
  data?: { connections?: { cid: number; authorized_user?: string }[] };
}

const agentsIn = ({ server, data }: Page): AgentConnection[] =>
  (data?.connections ?? []).flatMap(({ cid, authorized_user: user }) =>
    user?.startsWith(prefix) ? [{ server: server.id, cid, keyId: user.slice(prefix.length) }] : [],
  );

/** The connections of agents to all servers of a cluster, as a user of the system account sees them. */
export class NatsConnections {
  constructor(private readonly system: NatsConnection) {}

  /** Those of one key, or all, as the servers tell of them. */
  async *find(keyId?: string): AsyncGenerator<AgentConnection> {
    for (let offset = 0, more = true; more; offset += pageSize) {
      more = false;
      for await (const page of this.#pages({ offset, ...(keyId !== undefined && { user: userOf(keyId) }) })) {
        more ||= page.data?.connections?.length === pageSize;
        yield* agentsIn(page);
      }
    }
  }

  /** Ends a connection; one that is gone already is fine. */
  async end({ server, cid }: AgentConnection): Promise<void> {
    await this.system.request(`$SYS.REQ.SERVER.${server}.KICK`, JSON.stringify({ cid }), {
      timeout: patienceMs,
    });
  }

  async *#pages(filter: object): AsyncGenerator<Page> {
    const asked = JSON.stringify({ auth: true, sort: 'cid', limit: pageSize, ...filter });
    const answers = await this.system.requestMany('$SYS.REQ.SERVER.PING.CONNZ', asked, {
      strategy: 'stall',
      maxWait: patienceMs,
      stall: pauseMs,
    });
    for await (const answer of answers) yield answer.json<Page>();
  }
}
