import { randomUUID } from 'node:crypto';
import { type CommandReply, type CommandRequest, commandSubject } from '#libs/contracts';
import { connectNats, newSpanId, newTraceId } from '#libs/event-log';
import {
  type CommandId,
  type PacketCommandType,
  type PacketDocument,
  type PacketId,
  type Principal,
  railPrincipal,
  type Role,
  type TenantId,
} from '#libs/packet';
import { type Answer, type Client, createClient, smallPacket, startFleet, startServers } from '#libs/testing';

interface Asker {
  role: Role;
  agent_id?: string;
}

/** Whose key asks: by its role, and the agent that it is bound to. `platform` is the first key of all. */
export const callers = {
  reader: { role: 'reader' },
  agent: { role: 'agent' },
  claimant: { role: 'agent', agent_id: 'bo' },
  source: { role: 'agent', agent_id: 'ana' },
  approver: { role: 'approver' },
  writer: { role: 'writer' },
  admin: { role: 'admin' },
  platform: { role: 'admin' },
} as const satisfies Record<string, Asker>;
export type Caller = keyof typeof callers;

export const boundTo = (caller: Caller): string | undefined =>
  (callers as Record<Caller, Asker>)[caller].agent_id;

/** A packet that waits for people: `free` from its create on, `held` since its claimant asked. */
export interface WaitingPacket {
  kind: 'free' | 'held';
  id: PacketId;
  approval: string;
  claim_id?: string;
}

const tenant = 'default' as TenantId;

const hitl = {
  reason: 'A large refund',
  options: ['Approve', 'Deny'],
  timeout_seconds: 3_600,
  on_timeout: 'escalate',
  escalation: [{ after_seconds: 600, approvers: [{ id: 'boss', kind: 'user' }] }],
  remind_before_seconds: 60,
};

const principalOf = (caller: Caller | 'system'): Principal => {
  if (caller === 'system') return railPrincipal(tenant);
  const { role, ...bound }: Asker = callers[caller];
  const isHuman = bound.agent_id === undefined && (role === 'approver' || role === 'admin');
  return { tenant_id: tenant, key_id: `k-${caller}`, role, type: isHuman ? 'human' : 'agent', ...bound };
};

/** Separate services, a key for each caller, and a way to their commands that no gateway stands in. */
export class WaitingRail {
  private constructor(
    readonly clients: Record<Caller, Client>,
    private readonly nats: Awaited<ReturnType<typeof connectNats>>,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<WaitingRail> {
    const servers = await startServers({ postgres: true });
    const { natsUrl, databaseUrl } = servers;
    const fleet = await startFleet({ natsUrl, databaseUrl });
    const nats = await connectNats(natsUrl, 'never-bypassed');
    const platform = createClient(fleet.url, fleet.key);
    const made = async ([name, body]: [string, object]) => {
      const { key } = (await platform.post('keys', { name, ...body })).body;
      return [name, createClient(fleet.url, key)] as const;
    };
    const others = Object.entries(callers).filter(([name]) => name !== 'platform');
    const clients = { ...Object.fromEntries(await Promise.all(others.map(made))), platform };
    const stop = async () => {
      await Promise.all(Object.values<Client>(clients).map((client) => client.close()));
      await nats.close();
      await fleet.stop();
      await servers.stop();
    };
    return new WaitingRail(clients as Record<Caller, Client>, nats, stop);
  }

  async waiting(kind: WaitingPacket['kind']): Promise<WaitingPacket> {
    const { platform } = this.clients;
    const more = { claim_policy: 'open', ...(kind === 'free' && { hitl }) };
    const { id, ...created } = (await platform.post('packets', smallPacket('bo', 'ana', more))).body;
    if (kind === 'free') return { kind, id, approval: created.hitl.id };
    const claim = { agent_id: 'bo', lease_seconds: 60 };
    const { claim_id } = (await platform.post(`packets/${id}/claim`, claim)).body.claim;
    const asked = await platform.post(`packets/${id}/request-approval`, { claim_id, hitl });
    return { kind, id, approval: asked.body.hitl.id, claim_id };
  }

  async read(id: PacketId): Promise<PacketDocument> {
    return (await this.clients.platform.get(`packets/${id}`)).body as PacketDocument;
  }

  ask(caller: Caller, route: string, { path, body }: { path: string; body?: object }): Promise<Answer> {
    return this.clients[caller].send(route.split(' ')[0] ?? '', path, body);
  }

  async send(
    caller: Caller | 'system',
    type: PacketCommandType,
    { id, claim_id, data }: { id: PacketId; claim_id?: string | undefined; data: object },
  ): Promise<CommandReply> {
    const meta: CommandRequest['meta'] = {
      command_id: randomUUID() as CommandId,
      tenant_id: tenant,
      packet_id: id,
      principal: principalOf(caller),
      traceparent: `00-${newTraceId()}-${newSpanId()}-00`,
      ...(claim_id !== undefined && { claim_id }),
    };
    const request = JSON.stringify({ type, meta, data });
    const reply = await this.nats.request(commandSubject(type), request, { timeout: 5_000 });
    return reply.json<CommandReply>();
  }

  /** The routes that can change packets and checkpoints, as the API describes itself: `POST /api/v1/packets`. */
  async writingRoutes(): Promise<string[]> {
    const { paths } = (await this.clients.platform.get('/openapi.json')).body as { paths: object };
    return Object.entries(paths)
      .filter(([path]) => /^\/api\/v1\/(packets|approvals)\b/.test(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
      )
      .filter((route) => !route.startsWith('GET '));
  }
}
