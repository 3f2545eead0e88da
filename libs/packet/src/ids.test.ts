import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instantAt, nthId, parseInstant, parsePacketId, parseTenantId } from './ids.js';

describe('parseInstant', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31t12:00:00.5z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.123456+02:00', '2026-01-31T10:00:00.123Z'],
    ['2026-01-31T12:00:00.12+00:00', '2026-01-31T12:00:00.120Z'],
    ['2024-02-29T00:00:00-00:30', '2024-02-29T00:30:00.000Z'],
  ])('reads %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T12:60:00Z',
    '2026-01-01T12:00:00',
    '2026-01-01 12:00:00Z',
    '2026-01-01',
    '9999-12-31T23:59:59-01:00',
    '0000-12-31T00:00:00Z',
    'tomorrow',
    '',
  ])('refuses %s', (text) => expect(parseInstant(text)).toBeNull());

  it('reads back whatever an instant is printed as', () =>
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseInstant(date.toISOString())).toBe(instantAt(date.getTime()));
      }),
    ));
});

describe('ids', () => {
  it('are parsed strictly', () => {
    expect(parsePacketId('01980000-0000-7000-8000-00000000000A')).toBe(
      '01980000-0000-7000-8000-00000000000a',
    );
    expect(parsePacketId('01980000')).toBeNull();
    expect(parseTenantId('acme_1')).toBe('acme_1');
    expect(parseTenantId('Acme.x')).toBeNull();
  });

  it('count up from the first of a command', () => {
    const first = '01980000-0000-7000-8000-0000000000ff';
    expect(nthId(first, 0)).toBe(first);
    expect(nthId(first, 1)).toBe('01980000-0000-7000-8000-000000000100');
    expect(nthId('01980000-0000-7000-8000-ffffffffffff', 1)).toBe('01980000-0000-7000-8000-000000000000');
  });

  it('add seconds', () => expect(after(instantAt(0), 1.5)).toBe('1970-01-01T00:00:01.500Z'));
});
