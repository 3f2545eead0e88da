import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

describe('a gateway that stops', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({}, 400);
  });
  afterAll(() => gateway?.stop());

  it('answers what is in flight, takes no more, and is gone soon', async () => {
    const client = gateway.client();
    await client.get('/health');
    const inFlight = client.post('packets', smallPacket());
    await delay(100);
    const started = performance.now();
    const stopping = gateway.stopGateway();
    expect((await inFlight).status).toBe(201);
    await stopping;
    expect(performance.now() - started).toBeLessThan(3_000);
    await expect(gateway.client().get('/health')).rejects.toThrow();
  });
});
