import { type BodyClass, ChangeHookBody, CreateHookBody, RotateSecretBody, SinceBody } from '#libs/contracts';
import { instantAt } from '#libs/packet';

const at = instantAt(Date.UTC(2026, 0, 31, 12));
const soon = instantAt(Date.UTC(2026, 1, 1, 12));
const hookId = '019ab2f6-2f10-7b3c-9a51-0c1d2e3f4a5b';
/** Of a delivery: derived from the webhook and the event. */
export const deliveryIdExample = '5c0e9a47-1d3b-8f62-a4c9-7e8d9f0a1b2c';
const secret = 'whsec_c29tZSBieXRlcyB0aGF0IGFyZSBubyBzZWNyZXQgISE=';

const asked = {
  url: 'https://crm.example.com/hooks/rail',
  events: ['packet.completed', 'packet.failed', 'hitl.response_ready'],
  description: 'Tells the CRM how handoffs end.',
  filter: { source_agent: 'sales-01', tags: ['upgrade'] },
};

export const hookBodyExamples: [BodyClass, unknown][] = [
  [
    CreateHookBody,
    { ...asked, payload: 'thin', rate_per_second: 20, headers: { Authorization: 'Bearer 4711' } },
  ],
  [ChangeHookBody, { events: ['packet.*'], filter: null }],
  [RotateSecretBody, { grace_seconds: 86_400 }],
  [SinceBody, { since: at }],
];

const hook = {
  id: hookId,
  ...asked,
  payload: 'thin',
  ordered: false,
  rate_per_second: 20,
  header_names: ['Authorization'],
  status: 'active',
  created_at: at,
  created_by: '019ab2f0-7d11-7e02-b1c5-2a3b4c5d6e7f',
  updated_at: at,
};

const delivery = {
  id: deliveryIdExample,
  hook_id: hookId,
  packet_id: '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60',
  event_id: '019ab2f4-6f3f-7a02-8c1b-5d6e7f8a9b0c',
  event_type: 'packet.completed',
  status: 'failed',
  attempts: [
    { at, status_code: 503, duration_ms: 41, error: 'It answered 503.', response_excerpt: 'Back at noon.' },
  ],
  next_retry_at: soon,
  delivered_at: null,
  created_at: at,
};

const hookMessageExample = {
  id: delivery.event_id,
  type: delivery.event_type,
  timestamp: at,
  data: { packet_id: delivery.packet_id },
  tenant_id: 'default',
  packet_id: delivery.packet_id,
  revision: 3,
  position: '0-1z4',
};

const page = { limit: 50, next_cursor: null };

export const hookAnswerExamples = {
  HookDocument: hook,
  MadeHookDocument: { ...hook, secret },
  HookListDocument: { hooks: [hook], total: 1, ...page },
  RotatedSecretDocument: { hook_id: hookId, secret, previous_secret_until: soon },
  DeliveryDocument: delivery,
  DeliveryListDocument: { deliveries: [delivery], ...page },
  SentDeliveryDocument: { delivery_id: deliveryIdExample },
  RecoveredDocument: { deliveries: 3 },
  StartedReplayDocument: { since: at },
  HookMessageDocument: hookMessageExample,
};
