import type {
  AttemptDocument,
  DeliveryDocument,
  DeliveryListDocument,
  HookDocument,
  HookListDocument,
  MadeHookDocument,
  RecoveredDocument,
  RotatedSecretDocument,
  SentDeliveryDocument,
  StartedReplayDocument,
} from '#libs/sdk';
import { cardText, listShape } from './listing.js';
import { ageOf, momentOf } from './moments.js';
import type { Paint } from './paint.js';
import { oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';

const styles: Record<string, keyof Paint> = {
  active: 'green',
  delivered: 'green',
  failed: 'yellow',
  dead_letter: 'red',
  disabled: 'red',
  deleted: 'dim',
};

const paintStatus = (text: string, paint: Paint): string => {
  const style = styles[text.trim()];
  return style === undefined ? text : paint[style](text);
};

/** Webhooks, a line each. */
export const hookList: Shape<HookListDocument> = listShape({
  rows: ({ hooks }: HookListDocument) => hooks,
  columns: () => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'STATUS', value: ({ status }) => status, paint: paintStatus },
    { title: 'EVENTS', value: ({ events }) => events.join(', '), flexible: true },
    { title: 'URL', value: ({ url }) => url, flexible: true },
  ],
  none: 'No webhooks.',
  id: ({ id }) => id,
});

const filterOf = ({ filter }: HookDocument): string =>
  Object.entries(filter ?? {})
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

const cardOf = (hook: HookDocument, look: Look): string =>
  cardText(
    hook.id,
    [
      ['status', hook.disabled_reason ? `${hook.status} (${hook.disabled_reason})` : hook.status],
      ['url', hook.url],
      ['events', hook.events.join(', ')],
      ['only', filterOf(hook)],
      ['payload', hook.payload],
      ['ordered', hook.ordered],
      ['per second', hook.rate_per_second],
      ['headers', hook.header_names.join(', ')],
      ['description', hook.description],
      ['old secret', hook.previous_secret_until && `signs until ${momentOf(hook.previous_secret_until)}`],
      ['created', momentOf(hook.created_at)],
    ],
    look,
  );

/** One webhook. */
export const hookCard: Shape<HookDocument> = { text: cardOf, ids: ({ id }) => [id] };

/** A webhook that was just made: the only time that its secret is seen. */
export const madeHook: Shape<MadeHookDocument> = {
  text: (made, look) => {
    const secret = made.secret === null ? '' : `\nsecret: ${look.paint.bold(made.secret)} (not shown again)`;
    return cardOf(made, look) + secret;
  },
  ids: ({ id }) => [id],
};

/** A new secret: the only time that it is seen. */
export const rotatedSecret: Shape<RotatedSecretDocument> = {
  text: ({ secret, previous_secret_until: until }, { paint }) => {
    const old = until === null ? 'the old one signs no more' : `the old one signs until ${momentOf(until)}`;
    return `secret: ${paint.bold(secret)} (not shown again; ${old})`;
  },
  ids: ({ hook_id }) => [hook_id],
};

const answerOf = ({ status_code, error, duration_ms }: AttemptDocument): string =>
  `${status_code ?? 'no answer'} in ${duration_ms} ms${error === null ? '' : `: ${oneLine(error)}`}`;

const lastOf = ({ attempts }: DeliveryDocument): string => {
  const last = attempts.at(-1);
  return last === undefined ? '' : answerOf(last);
};

/** Deliveries, a line each. */
export const deliveryList: Shape<DeliveryListDocument> = listShape({
  rows: ({ deliveries }: DeliveryListDocument) => deliveries,
  columns: ({ now }) => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'STATUS', value: ({ status }) => status, paint: paintStatus },
    { title: 'EVENT', value: ({ event_type }) => event_type },
    { title: 'AGE', value: ({ created_at }) => ageOf(created_at, now) },
    { title: 'TRIES', value: ({ attempts }) => attempts.length },
    { title: 'LAST ANSWER', value: lastOf, flexible: true },
  ],
  none: 'No deliveries.',
  id: ({ id }) => id,
});

/** One delivery with every attempt. */
export const deliveryCard: Shape<DeliveryDocument> = {
  text: (delivery, look) =>
    cardText(
      delivery.id,
      [
        ['status', delivery.status, (text) => paintStatus(text, look.paint)],
        ['event', delivery.event_type],
        ['packet', delivery.packet_id],
        ['answers', delivery.attempts.map(answerOf).join('\n')],
        ['next try', delivery.next_retry_at && momentOf(delivery.next_retry_at)],
      ],
      look,
    ),
  ids: ({ id }) => [id],
};

/** A delivery that was sent off. */
export const sentLine: Shape<SentDeliveryDocument> = {
  text: ({ delivery_id }, { paint }) => `Sent as delivery ${paint.bold(delivery_id)}.`,
  ids: ({ delivery_id }) => [delivery_id],
};

/** How many dead letters were sent again. */
export const recoveredLine: Shape<RecoveredDocument> = {
  text: ({ deliveries }) =>
    `${deliveries} dead ${deliveries === 1 ? 'letter is' : 'letters are'} sent again.`,
};

/** What was missed is looked for in the log. */
export const startedLine: Shape<StartedReplayDocument> = {
  text: ({ since }) => `What it missed since ${momentOf(since)} is sent out of the log.`,
};
