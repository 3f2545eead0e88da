import { agentRequests, agentRequestSubject, httpHeaders } from '#libs/contracts';
import type { PacketDocument } from '#libs/packet';
import type { Logger } from '#libs/service-kit';
import { errors, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { ControlData } from '../auth/control-data.js';
import { type InnerAnswer, type InnerRequest, requestInside } from '../http/inner-requests.js';
import { ProblemError, unavailable } from '../http/problem-error.js';
import { answerHeaders, fits, problemAnswer } from './agent-answer.js';
import { type AgentRequest, operationOf, readAgentRequest } from './agent-request.js';
import { countAgentRequest } from './metrics.js';

/** Requests that one gateway works on at once, and their bodies; whoever comes then is told to try again. */
const mostInFlight = { working: 1_000, waiting: 10_000 };
const mostBytesInFlight = 64 * 1024 * 1024;
const rememberedKeys = 10_000;
/** Nobody answers an answer: after this time somebody has it. */
const unheardWithinMs = 500;

const busy = unavailable('The gateway has more requests than it can work on: send this one again.');

const count = ({ operation }: AgentRequest, { status }: InnerAnswer): void =>
  countAgentRequest(operationOf(operation) ? operation : 'unknown', status);

export interface AgentRequestsParts {
  nats: NatsConnection;
  control: ControlData;
  logger: Logger;
  /** What the routes are installed on. */
  instance: FastifyInstance;
}

/** Answers the requests of agents on NATS by the routes of the HTTP API. */
export class AgentRequests {
  readonly #subscription: Subscription;
  readonly #inFlight = new Set<Promise<void>>();
  /** How many of them work, and how many may be waiting for work; their bodies. */
  readonly #now = { working: 0, waiting: 0, bytes: 0 };
  readonly #hashes = new LRUCache<string, string>({ max: rememberedKeys });

  constructor(private readonly parts: AgentRequestsParts) {
    this.#subscription = parts.nats.subscribe(agentRequests, {
      queue: 'gateway',
      callback: (error, message) => {
        if (error === null) this.#take(message);
      },
    });
  }

  /** Takes no more. */
  stop(): Promise<void> {
    return this.#subscription.drain();
  }

  /** Settles when everything that was taken is answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  #take(message: Msg): void {
    const asked = readAgentRequest(message);
    if (asked === undefined) return;
    const kind = asked.operation === 'claim-next' ? 'waiting' : 'working';
    const isTooMuch = this.#now[kind] >= mostInFlight[kind] || this.#now.bytes > mostBytesInFlight;
    if (isTooMuch) return this.#tell(asked, problemAnswer(busy, agentRequestSubject(asked)));
    const bytes = message.data.length;
    this.#now[kind] += 1;
    this.#now.bytes += bytes;
    const work = this.#work(asked)
      .catch((error: unknown) => this.parts.logger.error({ err: error }, 'an agent got no answer'))
      .finally(() => {
        this.#now[kind] -= 1;
        this.#now.bytes -= bytes;
        this.#inFlight.delete(work);
      });
    this.#inFlight.add(work);
  }

  async #work(asked: AgentRequest): Promise<void> {
    const answer = await this.#run(asked, asked.request);
    const given = asked.operation === 'claim-next' ? packetsIn(answer) : [];
    if (given.length === 0) return this.#tell(asked, answer);
    if (!(await this.#isHeard(asked, answer))) await this.#release(asked, given);
  }

  #run({ tenant, keyId }: AgentRequest, request: Omit<InnerRequest, 'keyHash'>): Promise<InnerAnswer> {
    const keyHash = this.#hashOf(tenant, keyId) ?? '';
    return requestInside(this.parts.instance, { ...request, keyHash });
  }

  /** Under what the key is stored, if it is the tenant's. */
  #hashOf(tenant: string, keyId: string): string | undefined {
    const { control } = this.parts;
    const isMeant = (record?: { id: string; tenant_id: string }): boolean =>
      record?.id === keyId && record.tenant_id === tenant;
    const known = this.#hashes.get(keyId);
    if (known !== undefined && isMeant(control.keys.get(known)?.value)) return known;
    const hash = control.findKeys(isMeant)[0]?.[0];
    if (hash !== undefined) this.#hashes.set(keyId, hash);
    return hash;
  }

  #tell(asked: AgentRequest, answer: InnerAnswer): void {
    const { reply } = asked;
    count(asked, answer);
    if (reply === '') return;
    const sent = this.#sendable(answer, reply);
    this.parts.nats.publish(reply, sent.body, { headers: answerHeaders(sent) });
  }

  #sendable(answer: InnerAnswer, instance: string): InnerAnswer {
    if (fits(answer, this.parts.nats.info?.max_payload ?? 0)) return answer;
    const detail = 'The answer is larger than a message may be: ask for less, or ask over HTTP.';
    return problemAnswer(new ProblemError('payload_too_large', detail), instance);
  }

  /** Answers, and tells whether there is still somebody to hear it. */
  async #isHeard(asked: AgentRequest, answer: InnerAnswer): Promise<boolean> {
    const { reply } = asked;
    count(asked, answer);
    if (reply === '') return false;
    const sent = this.#sendable(answer, reply);
    try {
      // A server says at once when nobody listens; to the answer itself nobody will answer.
      const options = { headers: answerHeaders(sent), timeout: unheardWithinMs };
      await this.parts.nats.request(reply, sent.body, options);
    } catch (error) {
      if (error instanceof errors.RequestError && error.isNoResponders()) return false;
    }
    return sent === answer;
  }

  async #release(asked: AgentRequest, packets: readonly PacketDocument[]): Promise<void> {
    const releases = packets.map(({ id, claim }) => {
      const data = {
        ...(claim && { agent_id: claim.agent.id }),
        reason: 'The caller of claim-next got no answer.',
      };
      return this.#run(asked, {
        method: 'POST',
        url: `/api/v1/packets/${id}/release`,
        headers: {
          'content-type': 'application/json',
          ...(claim && { [httpHeaders.claim.toLowerCase()]: claim.claim_id }),
        },
        body: Buffer.from(JSON.stringify(data)),
      });
    });
    // What cannot be given back now comes back with its lease, if it has one.
    await Promise.allSettled(releases);
  }
}

/** What a first answer gave; a repeated one gives nothing that would have to go back. */
const packetsIn = ({ status, headers, body }: InnerAnswer): PacketDocument[] => {
  if (status !== 200 || httpHeaders.idempotencyReplayed.toLowerCase() in headers) return [];
  return (JSON.parse(body.toString()) as { packets: PacketDocument[] }).packets;
};
