import type { AuditTrail } from '#libs/audit';
import { agentInboxOf, agentRequestsOf, feedSubjects } from '#libs/contracts';
import type { Logger } from '#libs/service-kit';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { liveKey } from '../auth/authenticate.js';
import type { ControlData } from '../auth/control-data.js';
import { hashKey, type KeyRecord } from '../auth/key-records.js';
import type { KeyUses } from '../auth/key-uses.js';
import type { ProblemError } from '../http/problem-error.js';
import { toProblemError } from '../http/problems.js';
import { deniedConnect } from './denied-connect.js';
import { countConnect } from './metrics.js';
import type { KeyConnections } from './key-connections.js';
import { claimsOf, type NatsSigner } from './nats-jwt.js';
import { userOf } from './nats-connections.js';

const subject = '$SYS.REQ.USER.AUTH';
/** Subscriptions of one connection. */
const mostSubscriptions = 1_000;

/** What a server tells of somebody who wants to connect. */
interface Asked {
  server_id: { id: string };
  /** A key of this connection alone: an answer for another is refused. */
  user_nkey: string;
  connect_opts: { auth_token?: string };
}

export interface AuthCalloutParts {
  nats: NatsConnection;
  control: ControlData;
  uses: KeyUses;
  /** Where it is written down that a known key was refused. */
  trail: AuditTrail;
  signer: NatsSigner;
  connections: KeyConnections;
  /** The account that agents are put in. */
  account: string;
  logger: Logger;
}

// The end may come up to a second late, never early.
const expiryOf = ({ expires_at }: KeyRecord): { exp?: number } =>
  expires_at === undefined ? {} : { exp: Math.ceil(Date.parse(expires_at) / 1_000) };

/** What the holder of a key may do on a connection. */
const permissions = ({ id, tenant_id }: KeyRecord) => ({
  pub: { allow: [agentRequestsOf(tenant_id, id)] },
  sub: { allow: [feedSubjects(tenant_id), `${agentInboxOf(id)}.>`] },
  subs: mostSubscriptions,
  data: -1,
  payload: -1,
  // No bridges of other servers, which bring users of their own.
  allowed_connection_types: ['STANDARD', 'WEBSOCKET'],
});

/** Tells NATS servers who an API key is, and what its holder may do. */
export class AuthCallout {
  readonly #subscription: Subscription;

  constructor(private readonly parts: AuthCalloutParts) {
    // Only servers publish here, and users of the services, who may do everything anyway.
    this.#subscription = parts.nats.subscribe(subject, {
      queue: 'gateway',
      callback: (error, message) => {
        if (error === null) void this.#answer(message);
      },
    });
  }

  /** Answers what has come, and takes no more. */
  stop(): Promise<void> {
    return this.#subscription.drain();
  }

  async #answer(message: Msg): Promise<void> {
    try {
      const asked = claimsOf(message.string()).nats as Asked;
      message.respond(await this.#verdict(asked));
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'a NATS server asked about a connection in an unknown way');
    }
  }

  async #verdict(asked: Asked): Promise<string> {
    const { signer, connections } = this.parts;
    const respond = (nats: { jwt: string } | { error: string }): string =>
      signer.sign({
        sub: asked.user_nkey,
        aud: asked.server_id.id,
        nats: { ...nats, type: 'authorization_response', version: 2 },
      });
    const hash = hashKey(asked.connect_opts.auth_token ?? '');
    try {
      await connections.admit(liveKey(this.parts.control, hash).id);
      // It may have ended meanwhile.
      const record = liveKey(this.parts.control, hash);
      const jwt = this.#admit(asked, record);
      countConnect('allowed');
      return respond({ jwt });
    } catch (error) {
      const problem = toProblemError(error);
      this.#noteRefused(hash, problem);
      return respond({ error: problem.code });
    }
  }

  #noteRefused(hash: string, problem: ProblemError): void {
    const { control, trail, logger } = this.parts;
    countConnect(problem.code);
    logger.debug({ code: problem.code }, 'an agent may not connect to NATS');
    const record = control.keys.get(hash)?.value;
    if (record === undefined) return;
    trail.deny({ tenant: record.tenant_id, key: record.id }, () => deniedConnect(record, problem));
  }

  #admit({ user_nkey }: Asked, record: KeyRecord): string {
    const { signer, uses, account } = this.parts;
    uses.note(record.id);
    return signer.sign({
      name: userOf(record.id),
      sub: user_nkey,
      aud: account,
      ...expiryOf(record),
      nats: { ...permissions(record), type: 'user', version: 2 },
    });
  }
}
