import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&');

describe('a piece of a page', () => {
  it('escapes every text, and nothing twice', () => {
    const name = `<b onclick="x('y')">&amp;\``;
    expect(html`<p title="${name}">${html`<i>${name}</i>`}</p>`.toString()).toBe(
      '<p title="&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;amp;&#96;">' +
        '<i>&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;amp;&#96;</i></p>',
    );
  });

  it('joins lists, prints numbers and leaves out what is nothing', () => {
    expect(html`${['<', html`<br />`, 0, ['a', ['b']]]}${undefined}${null}${false}`.toString()).toBe(
      '&lt;<br />0ab',
    );
  });

  it('never lets a text out of its place, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const made = html`<a title="${one}">${[other]}</a>`.toString();
        const [, title = '', text = ''] = /^<a title="([^"<>]*)">([^<>]*)<\/a>$/.exec(made) ?? [];
        expect(unescaped(title)).toBe(one);
        expect(unescaped(text)).toBe(other);
      }),
    );
  });
});
