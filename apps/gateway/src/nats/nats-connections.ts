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

  /** Those of one key, or all. */
  async list(keyId?: string): Promise<AgentConnection[]> {
    const found: AgentConnection[] = [];
    for (let offset = 0; ; offset += pageSize) {
      const pages = await this.#page({ offset, ...(keyId !== undefined && { user: userOf(keyId) }) });
      found.push(...pages.flatMap(agentsIn));
      if (!pages.some(({ data }) => data?.connections?.length === pageSize)) return found;
    }
  }

  /** Ends a connection; one that is gone already is fine. */
  async end({ server, cid }: AgentConnection): Promise<void> {
    await this.system.request(`$SYS.REQ.SERVER.${server}.KICK`, JSON.stringify({ cid }), {
      timeout: patienceMs,
    });
  }

  async #page(filter: object): Promise<Page[]> {
    const asked = JSON.stringify({ auth: true, sort: 'cid', limit: pageSize, ...filter });
    const pages: Page[] = [];
    const answers = await this.system.requestMany('$SYS.REQ.SERVER.PING.CONNZ', asked, {
      strategy: 'stall',
      maxWait: patienceMs,
      stall: pauseMs,
    });
    for await (const answer of answers) pages.push(answer.json<Page>());
    return pages;
  }
}
