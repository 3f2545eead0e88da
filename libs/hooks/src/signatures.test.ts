import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSecret, newSecret, signatureHeaders } from './index.js';

const now = (): number => Math.floor(Date.now() / 1_000);
const body = JSON.stringify({ id: 'd1', type: 'packet.completed', data: { summary: 'Fünf „Räder“ 🚲' } });
const sign = (secrets: [string, ...string[]], timestamp = now()) =>
  signatureHeaders(secrets, { id: '5c0e9a47-1d3b-8f62-a4c9-7e8d9f0a1b2c', timestamp, body });

describe('a receiver written with the public package', () => {
  const [one, two] = [newSecret(), newSecret()];
  const accepts = (secret: string, headers: Record<string, string>, text = body): unknown =>
    new Webhook(secret).verify(text, headers);

  it('verifies what we sign', () => {
    expect(accepts(one, sign([one]))).toEqual(JSON.parse(body));
  });

  it('verifies with a secret of the caller’s own, as it is or after whsec_', () => {
    const plain = 'a secret of my own';
    expect(new Webhook(plain, { format: 'raw' }).verify(body, sign([plain]))).toEqual(JSON.parse(body));
    const short = `whsec_${Buffer.alloc(16, 7).toString('base64')}`;
    expect(accepts(short, sign([short]))).toEqual(JSON.parse(body));
  });

  it('verifies with both secrets during a rotation, and after it with the new one only', () => {
    const during = sign([two, one]);
    expect(accepts(two, during)).toEqual(JSON.parse(body));
    expect(accepts(one, during)).toEqual(JSON.parse(body));
    const afterwards = sign([two]);
    expect(accepts(two, afterwards)).toEqual(JSON.parse(body));
    expect(() => accepts(one, afterwards)).toThrow(/No matching signature/);
  });

  it('refuses another body, another id, another time, and what is old', () => {
    const headers = sign([one]);
    expect(() => accepts(one, headers, body.replace('d1', 'd2'))).toThrow();
    expect(() => accepts(one, { ...headers, 'webhook-id': 'other' })).toThrow();
    expect(() => accepts(one, { ...headers, 'webhook-timestamp': String(now() + 1) })).toThrow();
    expect(() => accepts(one, sign([one], now() - 301))).toThrow(/too old/);
  });
});

describe('a receiver of the older convention', () => {
  const hex = (secret: string) => createHmac('sha256', Buffer.from(secret)).update(body).digest('hex');

  it('finds the HMAC of the body, and that of the secret before in a header of its own', () => {
    const [one, two] = [newSecret(), 'a secret of my own'];
    expect(sign([one])['x-hr-signature']).toBe(hex(one));
    expect(sign([one])).not.toHaveProperty('x-hr-signature-previous');
    expect(sign([two, one])).toMatchObject({
      'x-hr-signature': hex(two),
      'x-hr-signature-previous': hex(one),
    });
  });
});

describe('secrets', () => {
  it('are 32 random bytes, never the same', () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
      expect(isSecret(secret)).toBe(true);
    }
  });

  it.each([
    ['x'.repeat(15), false],
    ['x'.repeat(16), true],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    [`whsec_${Buffer.alloc(15).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(16).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(64).toString('base64url')}`, false],
    ['whsec_this is not base64 at all', false],
  ])('%s: %s', (text, is) => expect(isSecret(text)).toBe(is));
});
