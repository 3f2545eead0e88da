import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from './verify-webhook.js';

const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
const event = { id: 'e1', type: 'packet.completed', packet_id: 'p1', data: { note: 'grün' } };
const body = JSON.stringify(event);

const signed = (text = body, { key = secret, at = new Date(), raw = false } = {}) => {
  const webhook = raw ? new Webhook(key, { format: 'raw' }) : new Webhook(key);
  return {
    'webhook-id': 'e1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign('e1', at, text),
  };
};

describe('a webhook', () => {
  it('is verified by what another implementation of the standard signed', async () => {
    await expect(verifyWebhook(body, signed(), secret)).resolves.toEqual(event);
    await expect(verifyWebhook(Buffer.from(body), new Headers(signed()), secret)).resolves.toEqual(event);
    const raw = signed(body, { key: 'plain text secret', raw: true });
    await expect(verifyWebhook(body, raw, 'plain text secret')).resolves.toEqual(event);
  });

  it('is verified during a rotation, by either side', async () => {
    const other = `whsec_${Buffer.from('another secret of length').toString('base64')}`;
    const both = {
      ...signed(),
      'webhook-signature': `${signed(body, { key: other })['webhook-signature']} ${signed()['webhook-signature']}`,
    };
    await expect(verifyWebhook(body, both, secret)).resolves.toEqual(event);
    await expect(verifyWebhook(body, signed(), { secrets: [other, secret] })).resolves.toEqual(event);
    await expect(verifyWebhook(body, signed(), other)).rejects.toThrow(WebhookVerificationError);
  });

  it.each([
    ['changed', `${body} `, signed()],
    ['unsigned', body, { ...signed(), 'webhook-signature': undefined }],
    ['signed in another way', body, { ...signed(), 'webhook-signature': 'v2,AAAA v1,%%%' }],
    ['old', body, signed(body, { at: new Date(Date.now() - 301_000) })],
    ['from the future', body, signed(body, { at: new Date(Date.now() + 302_000) })],
    ['of no time', body, { ...signed(), 'webhook-timestamp': 'now' }],
    ['of another id', body, { ...signed(), 'webhook-id': 'e2' }],
  ])('is refused when it is %s', async (_, text, headers) => {
    await expect(verifyWebhook(text, headers, secret)).rejects.toThrow(WebhookVerificationError);
  });
});
