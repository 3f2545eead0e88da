import type { AnswerCall, CallReply, CallType, HookCall } from '#libs/contracts';
import {
  deliveryId,
  insertDeliveries,
  recoverDeliveries,
  replayDelivery,
  startReplay,
} from '#libs/deliveries';
import { LogUnavailable, uuidv7 } from '#libs/event-log';
import type { Endpoint } from '#libs/hooks';
import { instantAt, type Rejection } from '#libs/packet';
import { DatabaseAway, isDatabaseDown } from '#libs/read-models';
import { firstSince } from '../fan-out/first-since.js';
import type { WebhookParts } from '../parts.js';

export type HookAnswerParts = WebhookParts & {
  /** These endpoints have something due. */
  wake: (hookIds: Iterable<string>) => void;
  /** A stretch of the log is to be sent again. */
  wakeReplays: () => void;
};

type HookCalls = 'test_hook' | 'replay_delivery' | 'recover_hook' | 'replay_missing';

const answered = <T>(answer: T) => ({ outcome: 'answered' as const, answer });

const notFound = (what: string): { outcome: 'refused'; rejection: Rejection } => ({
  outcome: 'refused',
  rejection: { code: 'not_found', detail: `There is no such ${what}. Check its id.` },
});

const isAway = (error: unknown): error is Error =>
  error instanceof LogUnavailable || error instanceof DatabaseAway || isDatabaseDown(error);

/** An answer that what is needed for it is away, instead of an error. */
const orUnavailable =
  <T extends CallType>(answer: AnswerCall<T>): AnswerCall<T> =>
  async (request, signal) => {
    try {
      return await answer(request, signal);
    } catch (error) {
      if (!isAway(error)) throw error;
      return {
        outcome: 'fault',
        code: 'unavailable',
        detail: 'Deliveries cannot be reached now: try again.',
      };
    }
  };

const endpointOf = async ({ hooks }: HookAnswerParts, call: HookCall): Promise<Endpoint | undefined> => {
  await hooks.caughtUp();
  return hooks.get(call.tenant_id, call.hook_id);
};

const testHook =
  (parts: HookAnswerParts): AnswerCall<'test_hook'> =>
  async (call): Promise<CallReply<'test_hook'>> => {
    const endpoint = await endpointOf(parts, call);
    if (endpoint === undefined) return notFound('webhook');
    const { tenant_id, id: hook_id } = endpoint;
    const event_id = uuidv7();
    const delivery = {
      ...{ tenant_id, hook_id, event_id },
      event_type: 'hook.test',
      payload: { hook_id, message: 'This is a test: nothing has happened.' },
      occurred_at: instantAt(Date.now()),
      traceparent: call.traceparent,
      ordered: false,
    };
    await parts.database.use((source) => insertDeliveries(source, [delivery]));
    parts.wake([hook_id]);
    return answered({ delivery_id: deliveryId(hook_id, event_id) });
  };

const replayOne =
  (parts: HookAnswerParts): AnswerCall<'replay_delivery'> =>
  async ({ tenant_id, delivery_id }) => {
    const hook = await parts.database.use((source) => replayDelivery(source, tenant_id, delivery_id));
    if (hook === null) return notFound('dead letter');
    parts.wake([hook]);
    return answered({ delivery_id });
  };

const recover =
  (parts: HookAnswerParts): AnswerCall<'recover_hook'> =>
  async (call) => {
    if ((await endpointOf(parts, call)) === undefined) return notFound('webhook');
    const deliveries = await parts.database.use((source) => recoverDeliveries(source, call.tenant_id, call));
    parts.wake([call.hook_id]);
    return answered({ deliveries });
  };

const replayMissing =
  (parts: HookAnswerParts): AnswerCall<'replay_missing'> =>
  async (call) => {
    if ((await endpointOf(parts, call)) === undefined) return notFound('webhook');
    const { tenant_id, hook_id, since } = call;
    const [next, until] = await Promise.all([firstSince(parts.log, since), parts.log.lastSequence()]);
    if (until < next) return answered({ since });
    const replay = { hook_id, tenant_id, since, next, until };
    await parts.database.use((source) => startReplay(source, replay));
    parts.wakeReplays();
    return answered({ since });
  };

/** What the gateway asks of this service. */
export const hookAnswers = (parts: HookAnswerParts): { [T in HookCalls]: AnswerCall<T> } => ({
  test_hook: orUnavailable(testHook(parts)),
  replay_delivery: orUnavailable(replayOne(parts)),
  recover_hook: orUnavailable(recover(parts)),
  replay_missing: orUnavailable(replayMissing(parts)),
});
