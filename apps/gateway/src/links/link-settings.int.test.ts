import { smallPacket } from '#libs/testing';
import { describe, expect, it } from 'vitest';
import { startSibling, startTestGateway } from '../gateway.features.js';

describe('links of a deployment', () => {
  it('lead to where people reach it, and are signed with its own secret', async () => {
    const secret = 'a secret of at least thirty-two characters';
    const gateway = await startTestGateway({
      HR_PUBLIC_URL: 'https://rail.example.com/hr/',
      HR_LINK_SECRET: secret,
    });
    const sibling = await startSibling(gateway);
    try {
      const admin = gateway.client();
      const hitl = { reason: 'r' };
      const { body } = await admin.post('packets', smallPacket('bo', 'ana', { hitl }));
      const made = await admin.post(`approvals/${body.hitl.id}/links`, { approver: 'mira' });
      expect(made.body.url).toMatch(/^https:\/\/rail\.example\.com\/hr\/a\/[\w-]{107}$/);
      const path = new URL(made.body.url).pathname.slice('/hr'.length);
      expect((await sibling.client('').get(path)).status).toBe(200);
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://rail.example.com',
      };
      const answered = await gateway.client('').send('POST', path, 'choice=approve', headers);
      expect(answered.status).toBe(200);
    } finally {
      await sibling.stop();
      await gateway.stop();
    }
  });
});
