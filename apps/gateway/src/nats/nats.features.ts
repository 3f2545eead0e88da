import { agentAnswerHeaders, agentInboxOf, agentRequestSubject } from '#libs/contracts';
import type { AnyJson, Client, TestServers } from '#libs/testing';
import { headers, type Msg } from '@nats-io/nats-core';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';

/** What `POST /keys` answers with. */
export interface MadeKey {
  id: string;
  key: string;
  tenant_id: string;
}

export const makeKey = async (admin: Client, facts: object): Promise<MadeKey> => {
  const { status, body } = await admin.post('/api/v1/keys', facts);
  if (status !== 201) throw new Error(`no key: ${JSON.stringify(body)}`);
  return body as MadeKey;
};

export interface Asked {
  id?: string;
  body?: unknown;
  head?: Record<string, string>;
  timeout?: number;
}

export interface Answered {
  status: number;
  body: AnyJson;
  message: Msg;
}

/** A plain NATS client with the key of an agent. */
export class NatsAgent {
  constructor(
    readonly nats: NatsConnection,
    readonly key: MadeKey,
  ) {}

  static async connect(
    servers: Pick<TestServers, 'natsUrl'>,
    key: MadeKey,
    options: ConnectionOptions = {},
  ): Promise<NatsAgent> {
    const nats = await connect({
      servers: new URL(servers.natsUrl).host,
      token: key.key,
      inboxPrefix: agentInboxOf(key.id),
      reconnect: false,
      ...options,
    });
    return new NatsAgent(nats, key);
  }

  subject(operation: string, id?: string): string {
    const { tenant_id: tenant, id: keyId } = this.key;
    return agentRequestSubject({ tenant, keyId, operation, ...(id !== undefined && { id }) });
  }

  async ask(operation: string, { id, body, head = {}, timeout = 5_000 }: Asked = {}): Promise<Answered> {
    const given = headers();
    for (const [name, value] of Object.entries(head)) given.set(name, value);
    const text = body === undefined ? '' : JSON.stringify(body);
    const message = await this.nats.request(this.subject(operation, id), text, {
      headers: given,
      timeout,
    });
    return {
      status: Number(message.headers?.get(agentAnswerHeaders.status)),
      body: message.data.length === 0 ? undefined : message.json(),
      message,
    };
  }
}
