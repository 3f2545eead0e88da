import { describe, expect, it } from 'vitest';
import { integer, many, manyOf, moment, priority, seconds } from './parse.js';

describe('what flags are given', () => {
  it('numbers', () => {
    expect(integer(0, 100)('40')).toBe(40);
    for (const wrong of ['101', '-1', '1.5', '', 'x', '1e2'])
      expect(() => integer(0, 100)(wrong)).toThrow('0 to 100');
    expect(() => integer(1)('0')).toThrow('from 1 on');
  });

  it('words, one by one or divided by commas', () => {
    expect(many('c', many('a, b,'))).toEqual(['a', 'b', 'c']);
    expect(manyOf(['x', 'y'])('x,y')).toEqual(['x', 'y']);
    expect(() => manyOf(['x', 'y'])('x,z')).toThrow('"z" is none of x, y');
  });

  it('spans and instants', () => {
    expect(['90', '90s', '30m', '2h', '3d'].map(seconds)).toEqual([90, 90, 1_800, 7_200, 259_200]);
    for (const wrong of ['', 'h', '1w', '-5', '1.5h']) expect(() => seconds(wrong)).toThrow('a span such as');
    expect(moment('2026-12-24T18:00:00Z')).toBe('2026-12-24T18:00:00.000Z');
    expect(Math.abs(Date.parse(moment('2h')) - Date.now() - 7_200_000)).toBeLessThan(1_000);
    for (const wrong of ['90', 'tomorrow', '12/24/2026'])
      expect(() => moment(wrong)).toThrow('An instant such as');
  });

  it('priorities', () => {
    expect([priority('high'), priority('10')]).toEqual(['high', 10]);
    for (const wrong of ['0', '11', 'highest', '1.5']) expect(() => priority(wrong)).toThrow('or 1 to 10');
  });
});
