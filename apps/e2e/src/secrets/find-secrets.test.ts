import { describe, expect, it } from 'vitest';
import { findSecrets } from './find-secrets.js';

const key = `hr_${'aB3-_'.repeat(8)}xyz`;

describe('the search for secrets', () => {
  it.each([
    ['plain', 'geheim-4711'],
    ['in base64', Buffer.from('geheim-4711').toString('base64')],
    ['in hex', Buffer.from('geheim-4711').toString('hex')],
    ['in an address', encodeURIComponent('geheim-4711')],
  ])('finds a known one %s', (_how, written) => {
    const places = new Map([
      ['the logs', ['nothing', `before${written}after`]],
      ['the traces', ['nothing']],
    ]);
    expect(findSecrets(places, ['geheim-4711', 'another'])).toEqual([
      { place: 'the logs', secret: 'geheim-4711' },
    ]);
  });

  it.each([
    ['an API key', `"x": "${key}"`],
    ['a webhook secret', 'whsec_c29tZSBieXRlcyB0aGF0'],
    ['a link', `https://rail.example.com/a/${'aB3-_'.repeat(21)}aB`],
  ])('finds %s that nobody told of', (secret, text) => {
    expect(findSecrets(new Map([['a table', [text]]]), [])).toEqual([{ place: 'a table', secret }]);
  });

  it('passes over what only begins like one', () => {
    const texts = [key.slice(0, 11), 'whsec_short', '/a/{token}', 'hr_packets'];
    expect(findSecrets(new Map([['the logs', texts]]), ['geheim-4711'])).toEqual([]);
  });
});
