const health = {
  status: 'ok',
  versions: { handoffrail: '0.1.0', node: '20.20.2', nats: '2.12.4', postgres: '18.1' },
  checks: { nats: { ok: true, rtt_ms: 1 }, postgres: { ok: true }, projection: { ok: true, lag_events: 0 } },
  lag_events: 0,
  backlog: {
    waiting: { low: 0, normal: 12, high: 3, critical: 0 },
    oldest_waiting_seconds: 41,
    overdue: 1,
    dead_letters: 0,
    approvals_open: 2,
    approvals_overdue: 0,
  },
  deliveries: { waiting: 4, oldest_seconds: 0 },
  streams: [
    {
      name: 'HR_PACKETS',
      messages: 48_211,
      bytes: 71_303_168,
      consumers: [{ name: 'webhooks', pending: 0, unsettled: 0 }],
    },
    { name: 'KV_HR_KEYS', messages: 37, bytes: 18_944, consumers: [] },
  ],
  tables: [{ name: 'handoffrail.packets', bytes: 98_566_144, rows: 12_004 }],
};

export const systemAnswerExamples = { SystemHealthDocument: health };
