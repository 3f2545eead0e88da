import { type CommandRequest, UpdatePacketBody } from '#libs/contracts';
import { uuidv7 } from '#libs/event-log';
import { normalizePatch, type PacketId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { type Repeatable, repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { ProblemError } from '../http/problem-error.js';
import { sendNothing, tellPosition } from '../http/reply.js';
import { metaOf, packetIdOf } from './command-meta.js';
import { type Accepted, CommandSender, sendAccepted } from './command-sender.js';
import { NewPackets } from './new-packets.js';
import { type SimpleCommandType, simpleCommands } from './simple-commands.js';
import { contentOf, statusCommand } from './update.js';

type Task = (value: unknown, repeatable: Repeatable | undefined) => Promise<Accepted>;

/** The routes that change one packet: a validated body becomes a command, its acceptance an answer. */
@Injectable()
export class PacketCommands {
  constructor(
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(RunningRequests) private readonly running: RunningRequests,
    @Inject(NewPackets) private readonly packets: NewPackets,
  ) {}

  async create(request: ApiRequest, reply: ApiReply): Promise<void> {
    const accepted = await this.#once(request, async (value, repeatable) =>
      this.sender.ask(request, await this.packets.create(request, value, { repeatable })),
    );
    void reply.header('location', accepted.packet._links.self);
    sendAccepted(reply, 201, accepted);
  }

  async chain(request: ApiRequest, reply: ApiReply): Promise<void> {
    const parent = packetIdOf(request);
    const accepted = await this.#once(request, (value, repeatable) =>
      this.sender.ask(request, this.packets.chain(request, parent, { value, repeatable })),
    );
    void reply.header('location', accepted.packet._links.self);
    sendAccepted(reply, 201, accepted);
  }

  async run(type: SimpleCommandType, request: ApiRequest, reply: ApiReply): Promise<void> {
    sendAccepted(reply, 200, await this.#simple(type, request));
  }

  /** `DELETE`: the cancel command, except that a packet which is cancelled already is refused. */
  async delete(request: ApiRequest, reply: ApiReply): Promise<void> {
    const { packet, quiet, replayed } = await this.#simple('cancel', request);
    if (quiet && !replayed)
      throw new ProblemError(
        'invalid_transition',
        'The packet is cancelled already: there is nothing to do.',
        {
          packet_status: packet.status,
          allowed: [],
        },
      );
    tellPosition(reply, packet.position);
    sendNothing(reply);
  }

  async update(request: ApiRequest, reply: ApiReply): Promise<void> {
    const id = packetIdOf(request);
    const accepted = await this.#once(request, (value, repeatable) =>
      this.#update(request, { id, value, repeatable }),
    );
    sendAccepted(reply, 200, accepted);
  }

  #simple(type: SimpleCommandType, request: ApiRequest): Promise<Accepted> {
    const packetId = packetIdOf(request);
    const { body: of, data } = simpleCommands[type];
    return this.#once(request, (value, repeatable) => {
      const body: { claim_id?: string } = checked<object>(of, value);
      const meta = metaOf(request, { type, packetId, repeatable, claimId: body.claim_id });
      return this.sender.ask(request, { type, meta, data: data(body) } as CommandRequest);
    });
  }

  /** Content first, then the status: the second runs on the very revision that the first made. */
  async #update(
    request: ApiRequest,
    { id, value, repeatable }: { id: PacketId; value: unknown; repeatable: Repeatable | undefined },
  ): Promise<Accepted> {
    const body = checked(UpdatePacketBody, value);
    const [content, status] = [contentOf(body), statusCommand(body)];
    const metaFor = (type: CommandRequest['type']) =>
      metaOf(request, { type, packetId: id, repeatable, claimId: body.claim_id });
    const agent = body.agent_id ? { agent_id: body.agent_id } : {};
    if (content === undefined && status !== undefined)
      return this.sender.ask(request, { ...status, meta: metaFor(status.type) });
    const updated = await this.sender.ask(request, {
      type: 'update',
      meta: metaFor('update'),
      data: {
        patch: normalizePatch(content ?? {}),
        limits: this.packets.limitsOf(principalOf(request).tenant_id),
        approval_id: uuidv7(),
        ...agent,
      },
    });
    if (status === undefined) return updated;
    const meta = {
      ...metaFor(status.type),
      ...(!updated.replayed && { expected_revision: updated.packet.revision }),
    };
    return this.sender.ask(request, { ...status, meta });
  }

  #once(request: ApiRequest, task: Task): Promise<Accepted> {
    const value = jsonOf(request);
    this.packets.checkSize(request, value);
    const repeatable = repeatableOf(request, value);
    return this.running.once(request, repeatable, () => task(value, repeatable));
  }
}
