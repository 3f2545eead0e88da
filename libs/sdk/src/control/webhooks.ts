import type { Caller, RequestOptions } from '../caller.js';
import type { Operations } from '../generated/operations.js';
import type {
  ChangeHookBody,
  CreateHookBody,
  DeliveryDocument,
  DeliveryListDocument,
  HookDocument,
  HookListDocument,
  MadeHookDocument,
  RecoveredDocument,
  RotatedSecretDocument,
  RotateSecretBody,
  SentDeliveryDocument,
  SinceBody,
  StartedReplayDocument,
} from '../generated/wire.js';
import type { Listing } from '../listing.js';
import { asWire, type Given } from '../spelling.js';

/** Endpoints of yours that the rail calls, and what became of its calls. */
export class Webhooks {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Makes a webhook. Its secret is in this answer only.
   *
   * @example
   * ```ts
   * const { id, secret } = await rail.webhooks.create({
   *   url: 'https://crm.example.com/rail',
   *   events: ['packet.completed', 'packet.failed'],
   * });
   * ```
   */
  create(body: Given<CreateHookBody>, options?: RequestOptions): Promise<MadeHookDocument> {
    return this.#caller.call('webhooks_createHook', { body: asWire<CreateHookBody>(body) }, options);
  }

  /**
   * Webhooks, oldest first.
   *
   * @example
   * ```ts
   * for await (const hook of rail.webhooks.list({ status: 'disabled' })) console.log(hook.url);
   * ```
   */
  list(
    query: Operations['webhooks_listHooks']['query'] = {},
    options?: RequestOptions,
  ): Listing<HookListDocument, HookDocument> {
    return this.#caller.list('webhooks_listHooks', { query, items: ({ hooks }) => hooks }, options);
  }

  /**
   * One webhook, without its secret.
   *
   * @example
   * ```ts
   * const { status } = await rail.webhooks.get(hookId);
   * ```
   */
  get(id: string, options?: RequestOptions): Promise<HookDocument> {
    return this.#caller.call('webhooks_getHook', { params: { id } }, options);
  }

  /**
   * Changes what is given and leaves the rest.
   *
   * @example
   * ```ts
   * await rail.webhooks.update(hookId, { ratePerSecond: 10 });
   * ```
   */
  update(id: string, body: Given<ChangeHookBody>, options?: RequestOptions): Promise<HookDocument> {
    const input = { params: { id }, body: asWire<ChangeHookBody>(body) };
    return this.#caller.call('webhooks_changeHook', input, options);
  }

  /**
   * Deletes a webhook; it can be enabled again for 30 days.
   *
   * @example
   * ```ts
   * await rail.webhooks.remove(hookId);
   * ```
   */
  async remove(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.call('webhooks_deleteHook', { params: { id } }, options);
  }

  /**
   * Makes a disabled webhook active again, from now on.
   *
   * @example
   * ```ts
   * await rail.webhooks.enable(hookId);
   * ```
   */
  enable(id: string, options?: RequestOptions): Promise<HookDocument> {
    return this.#caller.call('webhooks_enableHook', { params: { id } }, options);
  }

  /**
   * Gives it a new secret; for `graceSeconds` the old one signs too. Not retried when the answer is lost.
   *
   * @example
   * ```ts
   * const { secret } = await rail.webhooks.rotateSecret(hookId, { graceSeconds: 3600 });
   * ```
   */
  rotateSecret(
    id: string,
    body: Given<RotateSecretBody> = {},
    options?: RequestOptions,
  ): Promise<RotatedSecretDocument> {
    const input = { params: { id }, body: asWire<RotateSecretBody>(body) };
    return this.#caller.call('webhooks_rotateSecret', input, options);
  }

  /**
   * Sends a `hook.test`.
   *
   * @example
   * ```ts
   * const { delivery_id } = await rail.webhooks.test(hookId);
   * ```
   */
  test(id: string, options?: RequestOptions): Promise<SentDeliveryDocument> {
    return this.#caller.call('webhooks_testHook', { params: { id } }, options);
  }

  /**
   * Deliveries of the last 30 days with every attempt, newest first.
   *
   * @example
   * ```ts
   * for await (const delivery of rail.webhooks.deliveries(hookId, { status: 'failed' })) console.log(delivery.id);
   * ```
   */
  deliveries(
    id: string,
    query: Operations['webhooks_listDeliveries']['query'] = {},
    options?: RequestOptions,
  ): Listing<DeliveryListDocument, DeliveryDocument> {
    const input = { params: { id }, query, items: ({ deliveries }: DeliveryListDocument) => deliveries };
    return this.#caller.list('webhooks_listDeliveries', input, options);
  }

  /**
   * Deliveries of all webhooks that were given up.
   *
   * @example
   * ```ts
   * for await (const delivery of rail.webhooks.deadLetters()) await rail.webhooks.replay(delivery.id);
   * ```
   */
  deadLetters(
    query: Operations['webhooks_listDeadLetters']['query'] = {},
    options?: RequestOptions,
  ): Listing<DeliveryListDocument, DeliveryDocument> {
    const input = { query, items: ({ deliveries }: DeliveryListDocument) => deliveries };
    return this.#caller.list('webhooks_listDeadLetters', input, options);
  }

  /**
   * Sends a dead letter again, with all attempts before it.
   *
   * @example
   * ```ts
   * await rail.webhooks.replay(deliveryId);
   * ```
   */
  replay(deliveryId: string, options?: RequestOptions): Promise<SentDeliveryDocument> {
    return this.#caller.call('webhooks_replayDelivery', { params: { delivery_id: deliveryId } }, options);
  }

  /**
   * Sends the dead letters of a webhook since an instant again.
   *
   * @example
   * ```ts
   * await rail.webhooks.recover(hookId, { since: '2026-01-31T12:00:00Z' });
   * ```
   */
  recover(id: string, body: SinceBody, options?: RequestOptions): Promise<RecoveredDocument> {
    return this.#caller.call('webhooks_recoverHook', { params: { id }, body }, options);
  }

  /**
   * Sends what happened since an instant and this webhook was never to get, out of the log.
   *
   * @example
   * ```ts
   * await rail.webhooks.replayMissing(hookId, { since: '2026-01-31T12:00:00Z' });
   * ```
   */
  replayMissing(id: string, body: SinceBody, options?: RequestOptions): Promise<StartedReplayDocument> {
    return this.#caller.call('webhooks_replayMissing', { params: { id }, body }, options);
  }
}
