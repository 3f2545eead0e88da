import { smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('links of a deployment', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const HR_LINK_SECRET = 'a secret of at least thirty-two characters';
    gateway = await startTestGateway({ HR_PUBLIC_URL: 'https://rail.example.com/hr/', HR_LINK_SECRET });
  });
  afterAll(() => gateway?.stop());

  const madeUrl = async (): Promise<string> => {
    const admin = gateway.client();
    const { body } = await admin.post('packets', smallPacket('bo', 'ana', { hitl: { reason: 'r' } }));
    return (await admin.post(`approvals/${body.hitl.id}/links`, { approver: 'mira' })).body.url;
  };
  const pathOf = (url: string): string => new URL(url).pathname.slice('/hr'.length);

  it('lead to where people reach it, and are signed with its own secret', async () => {
    const url = await madeUrl();
    expect(url).toMatch(/^https:\/\/rail\.example\.com\/hr\/a\/[\w-]{107}$/);
    const sibling = await startSibling(gateway);
    try {
      expect((await sibling.client('').get(pathOf(url))).status).toBe(200);
    } finally {
      await sibling.stop();
    }
    const headers = { ...form, origin: 'https://rail.example.com' };
    expect((await gateway.client('').send('POST', pathOf(url), 'choice=approve', headers)).status).toBe(200);
  });

  it('say that they do not work right now while they do not', async () => {
    const path = pathOf(await madeUrl());
    await gateway.servers.nats.stop();
    const anybody = gateway.client('');
    for (const method of ['GET', 'POST']) {
      const page = await anybody.send(method, path, method === 'POST' ? 'choice=approve' : undefined, form);
      expect(page.status).toBe(503);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.body).toContain('This does not work right now');
    }
  });
});
