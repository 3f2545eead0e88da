import {
  agentAnswerHeaders,
  agentInboxOf,
  type AgentOperation,
  agentOperations,
  agentRequestSubject,
  feedSubjects,
} from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import type { Asked, Told } from './ask.js';

const isMeantBy = ({ method, path }: AgentOperation, asked: Asked): RegExpExecArray | null => {
  const { pathname } = new URL(asked.path, 'http://rail');
  const form = new RegExp(`^${path.replace(':id', '([^/]+)')}$`);
  return method === asked.method ? form.exec(pathname) : null;
};

/** Who asks over NATS what others ask over HTTP. */
export class NatsAsker {
  /** What it hears of the feed of its tenant. */
  readonly heard: string[] = [];

  private constructor(
    readonly nats: NatsConnection,
    private readonly me: { tenant: string; keyId: string },
  ) {
    nats.subscribe(feedSubjects(me.tenant as TenantId), {
      callback: (_error, message) => {
        this.heard.push(`${message.subject} ${message.string()}`);
      },
    });
  }

  static async connect(
    port: number,
    { key, tenant, keyId }: { key: string; tenant: string; keyId: string },
  ): Promise<NatsAsker> {
    const options = { servers: `127.0.0.1:${port}`, token: key, inboxPrefix: agentInboxOf(keyId) };
    return new NatsAsker(await connect({ ...options, reconnect: false }), { tenant, keyId });
  }

  /** Whether agents may ask for this. */
  static knows({ method, path }: { method: string; path: string }): boolean {
    const pattern = path.replace(/\{\w+\}/, ':id');
    return Object.values(agentOperations).some((one) => one.method === method && one.path === pattern);
  }

  /** Sends what would be an HTTP request as the message that means the same. */
  async ask(asked: Asked): Promise<Told> {
    const { searchParams } = new URL(asked.path, 'http://rail');
    const [operation, facts, found] = this.#operationOf(asked);
    const given = found[1] === undefined ? undefined : decodeURIComponent(found[1]);
    const id = facts.id === 'agent' ? Buffer.from(given ?? '').toString('base64url') : given;
    const subject = agentRequestSubject({ ...this.me, operation, ...(id !== undefined && { id }) });
    const sent = asked.method === 'GET' ? Object.fromEntries(searchParams) : asked.body;
    const payload = sent === undefined ? '' : JSON.stringify(sent);
    const answer = await this.nats.request(subject, payload, { timeout: 10_000 });
    const { headers } = answer;
    const code = headers?.get(agentAnswerHeaders.error);
    return {
      status: Number(headers?.get(agentAnswerHeaders.status)),
      code: code === '' ? undefined : code,
      text: `${JSON.stringify([...(headers ?? [])])}\n${answer.string()}`,
      headers: Object.fromEntries([...(headers ?? [])].map(([name, [value]]) => [name, value])),
    };
  }

  #operationOf(asked: Asked): [string, AgentOperation, RegExpExecArray] {
    for (const [name, facts] of Object.entries(agentOperations)) {
      const found = isMeantBy(facts, asked);
      if (found !== null) return [name, facts, found];
    }
    throw new Error(`Agents cannot ask for ${asked.method} ${asked.path}.`);
  }
}
