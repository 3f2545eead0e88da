import { AuditTrail } from '#libs/audit';
import { deliveriesDueSubject } from '#libs/contracts';
import { deliveryBacklog, type EndpointStanding, PreparedDeliveries } from '#libs/deliveries';
import {
  type Endpoint,
  guardedDispatcher,
  HookRegistry,
  isActive,
  isGivenUp,
  loadSecretKey,
  SecretBox,
} from '#libs/hooks';
import { epochOf, instantAt } from '#libs/packet';
import { type Config, requireUrl, type RuntimeParts } from '#libs/service-kit';
import type { Subscription } from '@nats-io/nats-core';
import { randomUUID } from 'node:crypto';
import { hookAnswers } from './answers/hook-answers.js';
import { Deliverer } from './delivering/deliverer.js';
import { Settler } from './delivering/settler.js';
import { disableEndpoint } from './disabling.js';
import { EndedTenants } from './ended-tenants.js';
import { FanOut } from './fan-out/fan-out.js';
import { Replayer } from './fan-out/replayer.js';
import { observeBacklog, observeStanding } from './metrics.js';
import { PacketsAsOf } from './packets-as-of.js';
import type { WebhookParts } from './parts.js';
import { Sweeper } from './sweeper.js';

/** What is owed: the fan-out, and what people ask for. */
const poolSize = 3;
/** What has become of it: taken, settled, given back. If that is lost, it is delivered again. */
const hastyPoolSize = 4;
const statementTimeoutMs = 15_000;

interface Databases {
  database: PreparedDeliveries;
  hasty: PreparedDeliveries;
}

type Given = Pick<RuntimeParts, 'nats' | 'log' | 'logger' | 'config' | 'health' | 'tenants'>;
type Dispatcher = ReturnType<typeof guardedDispatcher>;

/** The whole service: what endpoints are owed, and its delivery. Any number of copies share the work. */
export class Webhooks {
  readonly #deliverer: Deliverer;
  readonly #fanOut: FanOut;
  readonly #replayer: Replayer;
  readonly #settler: Settler;
  readonly #sweeper: Sweeper;
  readonly #ended: EndedTenants;
  readonly #news: Subscription;
  readonly answers: ReturnType<typeof hookAnswers>;
  /** By what this copy knows its own news. */
  readonly #name = randomUUID();

  private constructor(
    private readonly parts: WebhookParts & Databases & Pick<RuntimeParts, 'tenants'>,
    private readonly config: Config,
    private readonly dispatcher: Dispatcher,
  ) {
    const { database, hasty, logger } = parts;
    const onOwed = (hookIds: Iterable<string>): void => this.#tell(hookIds);
    this.#settler = new Settler({ database: hasty, logger, onFailing: (failing) => this.#giveUp(failing) });
    this.#deliverer = new Deliverer({
      ...parts,
      database: hasty,
      dispatcher,
      settler: this.#settler,
      retrySeconds: config.webhookRetrySeconds,
      onGone: (endpoint) => void this.#disable(endpoint, 'gone'),
    });
    this.#fanOut = new FanOut({ ...parts, onOwed });
    this.#replayer = new Replayer({ ...parts, onOwed });
    this.#sweeper = new Sweeper(parts);
    this.#ended = new EndedTenants(parts);
    this.answers = hookAnswers({ ...parts, wake: onOwed, wakeReplays: () => this.#replayer.wake() });
    this.#news = parts.nats.subscribe(deliveriesDueSubject, {
      callback: (_error, message) => this.#hear(message.json()),
    });
    observeStanding(() => this.#deliverer);
    observeBacklog(() => database.use(deliveryBacklog));
  }

  /** @throws ConfigError without a database; what the buckets of NATS and the key file throw */
  static async open({ nats, log, logger, config, health, tenants }: Given): Promise<Webhooks> {
    const url = requireUrl(config, 'databaseUrl', 'webhooks');
    const key = await loadSecretKey(config.secretKey, config.dataDir);
    const hooks = await HookRegistry.open(nats);
    const applicationName = 'handoffrail-webhooks';
    const options = { statementTimeoutMs, applicationName };
    const database = new PreparedDeliveries(url, { ...options, poolSize });
    const hasty = new PreparedDeliveries(url, { ...options, poolSize: hastyPoolSize, hasty: true });
    health.add('deliveries', async () => ({ ok: true, ...(await database.use(deliveryBacklog)) }));
    const parts = { nats, log, logger, hooks, tenants, database, hasty };
    const dispatcher = guardedDispatcher({ allowed: config.webhookNetworks });
    return new Webhooks(
      { ...parts, box: new SecretBox(key), packets: new PacketsAsOf(log), audit: new AuditTrail(nats) },
      config,
      dispatcher,
    );
  }

  /** Finishes what is under way and gives back the rest. */
  async stop(): Promise<void> {
    this.#news.unsubscribe();
    this.#ended.stop();
    await Promise.all([this.#fanOut.stop(), this.#replayer.stop(), this.#sweeper.stop()]);
    await this.#deliverer.stop(this.config.drainMs);
    await this.#settler.stop();
    await this.dispatcher.destroy();
    this.parts.hooks.close();
    this.parts.audit.close();
    await Promise.all([this.parts.database.close(), this.parts.hasty.close()]);
  }

  #tell(hookIds: Iterable<string>): void {
    const ids = [...hookIds];
    this.#deliverer.wake(ids);
    if (this.parts.nats.isClosed()) return;
    this.parts.nats.publish(deliveriesDueSubject, JSON.stringify({ from: this.#name, hook_ids: ids }));
  }

  #hear({ from, hook_ids }: { from: string; hook_ids: string[] }): void {
    if (from !== this.#name) this.#deliverer.wake(hook_ids);
  }

  #giveUp(failing: readonly EndpointStanding[]): void {
    const now = instantAt(Date.now());
    for (const { hook_id, failing_since } of failing) {
      const endpoint = [...this.parts.hooks.all()].find(({ id }) => id === hook_id);
      if (endpoint === undefined || !isActive(endpoint)) continue;
      // One that was changed, or enabled again, gets its time anew.
      const since = Math.max(failing_since.getTime(), epochOf(endpoint.updated_at));
      if (isGivenUp(instantAt(since), now)) void this.#disable(endpoint, 'failing');
    }
  }

  async #disable(endpoint: Endpoint, reason: 'gone' | 'failing'): Promise<void> {
    try {
      this.#tell(await disableEndpoint(this.parts, endpoint, reason));
    } catch (error) {
      this.parts.logger.warn({ err: error, hook_id: endpoint.id }, 'a webhook cannot be disabled now');
    }
  }
}
