import { describe, expect, it } from 'vitest';
import type { ApiRequest } from './call.js';
import { derivedUuid } from './ids.js';
import { repeatableOf, RunningRequests } from './idempotency.js';

const requestWith = (key: string | undefined, url = '/api/v1/packets') =>
  ({
    headers: key === undefined ? {} : { 'idempotency-key': key },
    method: 'POST',
    url,
    call: { principal: { tenant_id: 'default' } },
  }) as unknown as ApiRequest;

describe('an idempotency key', () => {
  it('is optional, and its quotes are', () => {
    expect(repeatableOf(requestWith(undefined), {})).toBeUndefined();
    expect(repeatableOf(requestWith('"abc"'), {})?.key).toBe('abc');
    expect(repeatableOf(requestWith('abc'), {})?.key).toBe('abc');
  });

  it.each(['', '""', 'x'.repeat(256), 'schlüssel'])('is refused when it is %j', (key) => {
    expect(() => repeatableOf(requestWith(key), {})).toThrow(
      expect.objectContaining({ code: 'idempotency_key_invalid' }) as Error,
    );
  });

  it('goes with a digest that the order of fields does not change', () => {
    const digest = (body: unknown) => repeatableOf(requestWith('k'), body)?.digest;
    expect(digest({ a: 1, b: [1, 2] })).toBe(digest({ b: [1, 2], a: 1 }));
    expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }));
  });

  it('lets one request run at a time', async () => {
    const running = new RunningRequests();
    const repeatable = { key: 'k', digest: 'd' };
    let finish = (): void => undefined;
    const task = () => new Promise<void>((resolve) => (finish = resolve));
    const first = running.once(requestWith('k'), repeatable, task);
    await expect(running.once(requestWith('k'), repeatable, task)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
    });
    const elsewhere = running.once(requestWith('k', '/api/v1/keys'), repeatable, () => Promise.resolve(1));
    await expect(elsewhere).resolves.toBe(1);
    finish();
    await first;
    await expect(running.once(requestWith('k'), repeatable, () => Promise.resolve(2))).resolves.toBe(2);
  });
});

describe('a derived id', () => {
  it('is a UUIDv8 of its parts and of nothing else', () => {
    const id = derivedUuid('default', 'create', 'key');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(derivedUuid('default', 'create', 'key')).toBe(id);
    expect(derivedUuid('default', 'create', 'kez')).not.toBe(id);
    expect(derivedUuid('a', 'bc')).not.toBe(derivedUuid('ab', 'c'));
  });
});
