import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient, type Rail, smallPacket, startRail } from '#libs/testing';
import { type ReceivedSpan, startOtlpReceiver } from './otlp.js';

describe.each([{ services: false }, { services: true }])(
  'one trace crosses every hop (%o)',
  ({ services }) => {
    let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
    let rail: Rail;
    let client: Client;
    beforeAll(async () => {
      receiver = await startOtlpReceiver();
      rail = await startRail({
        services,
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          HR_LOG_LEVEL: 'debug',
          OTEL_BSP_SCHEDULE_DELAY: '200',
        },
      });
      client = createClient(rail.url, rail.key);
    });
    afterAll(async () => {
      await client?.close();
      await rail?.stop();
      receiver?.stop();
    });

    const spanNamed = (traceId: string, name: RegExp): ReceivedSpan | undefined =>
      receiver.spans.find((span) => span.traceId === traceId && name.test(span.name));

    test('from the HTTP request through command, append and projection, in answer, event and log', async () => {
      const traceId = randomBytes(16).toString('hex');
      const callerSpan = randomBytes(8).toString('hex');
      const created = await client.post('packets', smallPacket(), {
        traceparent: `00-${traceId}-${callerSpan}-01`,
      });
      const { id } = created.body;
      expect(created.headers['traceparent']).toContain(traceId);
      expect(created.body.trace_id).toBe(traceId);

      await expect.poll(() => spanNamed(traceId, /^project /), { timeout: 20_000 }).toBeDefined();
      await expect.poll(() => spanNamed(traceId, /^POST /), { timeout: 20_000 }).toBeDefined();
      const server = spanNamed(traceId, /^POST /);
      const command = spanNamed(traceId, /^command create/);
      const append = spanNamed(traceId, /^append/);
      const projection = spanNamed(traceId, /^project /);
      expect(server?.parentSpanId).toBe(callerSpan);
      expect(command?.parentSpanId).toBe(server?.spanId);
      expect(append?.parentSpanId).toBe(command?.spanId);
      expect(projection?.parentSpanId).toBe(append?.spanId);

      const history = await client.get(`packets/${id}/history`);
      expect(history.body.events[0].trace_id).toBe(traceId);
      const lines = rail.process
        .output()
        .split('\n')
        .filter((line) => line.includes(traceId) && line.includes(id));
      expect(lines.length).toBeGreaterThan(0);
    });

    test('an unsampled request keeps its trace id and exports nothing', async () => {
      const traceId = randomBytes(16).toString('hex');
      const created = await client.post('packets', smallPacket(), {
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-00`,
      });
      expect(created.body.trace_id).toBe(traceId);
      const marker = randomBytes(16).toString('hex');
      await client.post('packets', smallPacket(), {
        traceparent: `00-${marker}-${randomBytes(8).toString('hex')}-01`,
      });
      await expect.poll(() => spanNamed(marker, /^project /), { timeout: 20_000 }).toBeDefined();
      expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
    });
  },
);
