import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient, type Rail, smallPacket, startRail } from '#libs/testing';
import { HookReceiver } from './hook-receiver.js';
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
          HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32',
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

    test('what becomes of a checkpoint refers back to its request, in a trace of its own', async () => {
      const asking = randomBytes(16).toString('hex');
      const deciding = randomBytes(16).toString('hex');
      const within = (traceId: string) => ({
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      });
      const asked = async (timeout_seconds: number): Promise<string> => {
        const hitl = { reason: 'Sure?', timeout_seconds };
        const more = { hitl };
        return (await client.post('packets', smallPacket('a', 'b', more), within(asking))).body.id;
      };
      const [answered] = [await asked(600), await asked(1)];
      const vote = { response: 'Yes', responded_by: 'Mira' };
      expect((await client.post(`packets/${answered}/respond`, vote, within(deciding))).status).toBe(200);

      const linked = (name: RegExp, outside: string): ReceivedSpan | undefined =>
        receiver.spans.find(
          (span) =>
            name.test(span.name) &&
            span.traceId !== outside &&
            span.links?.some(({ traceId }) => traceId === asking),
        );
      await expect.poll(() => linked(/^command respond/, asking), { timeout: 20_000 }).toBeDefined();
      await expect
        .poll(() => linked(/^command time_out_approval/, asking), { timeout: 20_000 })
        .toBeDefined();
      const decision = linked(/^command respond/, asking);
      expect(decision?.traceId).toBe(deciding);
      const request = receiver.spans.filter((span) => span.traceId === asking && /^append/.test(span.name));
      const named = [decision, linked(/^command time_out_approval/, asking)].flatMap(
        (span) => span?.links?.map(({ spanId }) => spanId) ?? [],
      );
      expect(named.sort()).toEqual(request.map(({ spanId }) => spanId).sort());
      expect(linked(/^command create/, deciding)).toBeUndefined();
    });

    test('a delivery to a webhook is a step of its event’s trace, which goes on at the receiver', async () => {
      const endpoint = await HookReceiver.start(0);
      const hook = await client.post('hooks', { url: endpoint.urlOf('/in'), events: ['packet.created'] });
      expect(hook.status).toBe(201);
      const traceId = randomBytes(16).toString('hex');
      await client.post('packets', smallPacket(), {
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      });
      await expect
        .poll(() => spanNamed(traceId, /^deliver packet.created/), { timeout: 20_000 })
        .toBeDefined();
      const delivery = spanNamed(traceId, /^deliver /);
      expect(delivery?.parentSpanId).toBe(spanNamed(traceId, /^append/)?.spanId);
      const [arrival] = [...(endpoint.arrivals.get('/in')?.values() ?? [])];
      expect(arrival?.traceparents).toEqual([`00-${traceId}-${delivery?.spanId}-01`]);
      await client.send('DELETE', `hooks/${hook.body.id}`);
      endpoint.stop();
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
