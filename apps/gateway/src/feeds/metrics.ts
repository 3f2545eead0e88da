import { Counter, Gauge } from 'prom-client';
import type { EndReason } from './feed-reader.js';

export type Transport = 'sse' | 'ws';

const open = new Gauge({
  name: 'handoffrail_feed_streams',
  help: 'Live streams that are open.',
  labelNames: ['transport'],
});

const sent = new Counter({
  name: 'handoffrail_feed_messages_total',
  help: 'Events sent to readers of live streams.',
  labelNames: ['transport'],
});

const ended = new Counter({
  name: 'handoffrail_feed_ended_total',
  help: 'Live streams that the gateway ended.',
  labelNames: ['transport', 'reason'],
});

const filled = new Counter({
  name: 'handoffrail_feed_filled_total',
  help: 'Times that live messages were missing and read from the log instead.',
});

export const countOpened = (transport: Transport): void => open.inc({ transport });
export const countClosed = (transport: Transport): void => open.dec({ transport });
export const countEnded = (transport: Transport, reason: EndReason): void => ended.inc({ transport, reason });
export const countFilled = (): void => filled.inc();

/** The counter of one transport, looked up once: it counts each message of each reader. */
export const messagesOver = (transport: Transport): { inc(): void } => sent.labels({ transport });
