import {
  type BodyClass,
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketsBody,
  type CommandRequest,
  httpHeaders,
  type Problem,
} from '#libs/contracts';
import { parsePacketId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { type Repeatable, repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { notFound, ProblemError } from '../http/problem-error.js';
import { problemOf, toProblemError } from '../http/problems.js';
import { laterPosition, sendJson, tellPosition } from '../http/reply.js';
import { metaOf } from './command-meta.js';
import { type Accepted, CommandSender } from './command-sender.js';
import { fanOut } from './fan-out.js';
import { NewPackets } from './new-packets.js';
import { simpleCommands } from './simple-commands.js';

/** Commands of one batch that are under way at once. */
const concurrency = 32;

type Outcome = { accepted: Accepted } | { problem: Problem };

interface ClaimedBody {
  packet_ids: string[];
  claim_ids?: Record<string, string> | null;
}

/** The bodies of batches that only name their packets. */
const bodies = {
  claim: ClaimPacketsBody,
  complete: CompletePacketsBody,
} as const satisfies Record<string, BodyClass<ClaimedBody>>;

/** The name under which the successes of a batch are answered. */
const done = { claim: 'claimed', complete: 'completed', retry: 'retried', cancel: 'cancelled' } as const;

/** One command for many packets. */
interface Batch {
  type: keyof typeof done;
  body: object;
  ids: string[];
  /** Claim tokens by packet id. */
  claimIds?: Record<string, string> | undefined;
  repeatable: Repeatable | undefined;
  /** What else the answer says. */
  told?: object;
}

const isUnavailable = (outcome: Outcome): boolean => 'problem' in outcome && outcome.problem.status === 503;

/** The routes that take many packets: each succeeds or fails by itself. */
@Injectable()
export class PacketBatches {
  constructor(
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(RunningRequests) private readonly running: RunningRequests,
    @Inject(NewPackets) private readonly newPackets: NewPackets,
  ) {}

  async create(request: ApiRequest, reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const { packets } = checked(CreatePacketsBody, value);
    const repeatable = repeatableOf(request, value);
    const outcomes = await this.#all(request, { items: packets, repeatable }, async (packet, index) => {
      this.newPackets.checkSize(request, packet);
      return this.newPackets.create(request, packet, { repeatable, index });
    });
    const errors = outcomes.flatMap((outcome, index) =>
      'problem' in outcome ? [{ index, error: outcome.problem }] : [],
    );
    this.#answer(reply, 201, { outcomes, body: { created: packetsOf(outcomes), errors } });
  }

  async run(type: keyof typeof bodies, request: ApiRequest, reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const body: ClaimedBody = checked<ClaimedBody>(bodies[type], value);
    const repeatable = repeatableOf(request, value);
    const { packet_ids: ids, claim_ids, ...shared } = body;
    this.newPackets.checkSize(request, shared);
    return this.each(request, reply, { type, body, ids, claimIds: claim_ids ?? undefined, repeatable });
  }

  async each(
    request: ApiRequest,
    reply: ApiReply,
    { type, body, ids, claimIds, repeatable, told }: Batch,
  ): Promise<void> {
    const outcomes = await this.#all(request, { items: ids, repeatable }, (id) => {
      const packetId = parsePacketId(id);
      if (packetId === null) throw notFound('packet');
      const meta = metaOf(request, { type, packetId, repeatable, claimId: claimIds?.[id] });
      return { type, meta, data: simpleCommands[type].data(body) } as CommandRequest;
    });
    const errors = outcomes.flatMap((outcome, index) =>
      'problem' in outcome ? [{ packet_id: ids[index], error: outcome.problem }] : [],
    );
    this.#answer(reply, 200, { outcomes, body: { [done[type]]: packetsOf(outcomes), errors, ...told } });
  }

  async #all<T>(
    request: ApiRequest,
    { items, repeatable }: { items: T[]; repeatable: Repeatable | undefined },
    commandOf: (item: T, index: number) => CommandRequest | Promise<CommandRequest>,
  ): Promise<Outcome[]> {
    const one = async (item: T, index: number): Promise<Outcome> => {
      try {
        return { accepted: await this.sender.ask(request, await commandOf(item, index)) };
      } catch (error) {
        return { problem: problemOf(toProblemError(error), request) };
      }
    };
    const outcomes = await this.running.once(request, repeatable, async () => {
      const [head, ...rest] = items;
      // With a key the first item goes ahead: if it was used for another body, nothing else is tried.
      const first = repeatable && head !== undefined ? [await one(head, 0)] : [];
      first.forEach(throwMismatch);
      const others = first.length > 0 ? rest : items;
      return [...first, ...(await fanOut(others, concurrency, (item, at) => one(item, at + first.length)))];
    });
    if (outcomes.length > 0 && outcomes.every(isUnavailable))
      throw new ProblemError('unavailable', 'None of it was done: send the batch again.', { retry_after: 1 });
    return outcomes;
  }

  #answer(reply: ApiReply, status: number, { outcomes, body }: { outcomes: Outcome[]; body: object }): void {
    const accepted = outcomes.flatMap((outcome) => ('accepted' in outcome ? [outcome.accepted] : []));
    const last = accepted.reduce<string | undefined>(
      (latest, { packet }) => laterPosition(latest, packet.position),
      undefined,
    );
    if (last !== undefined) tellPosition(reply, last);
    if (accepted.length > 0 && accepted.every(({ replayed }) => replayed))
      void reply.header(httpHeaders.idempotencyReplayed, 'true');
    sendJson(reply, status, body);
  }
}

const packetsOf = (outcomes: Outcome[]) =>
  outcomes.flatMap((outcome) => ('accepted' in outcome ? [outcome.accepted.packet] : []));

const throwMismatch = (outcome: Outcome): void => {
  if (!('problem' in outcome) || outcome.problem.code !== 'idempotency_mismatch') return;
  throw new ProblemError('idempotency_mismatch', outcome.problem.detail);
};
