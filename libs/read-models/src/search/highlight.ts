import { tokensOf, type Token } from './words.js';

/** Words before and behind the first match of a piece, and how many pieces are cut. */
const before = 6;
const behind = 12;
const mostPieces = 2;
/** Characters of a text in which matches are looked for. */
const longest = 8_000;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

const markUp = (text: string, tokens: readonly Token[], isMatch: (token: Token) => boolean): string => {
  let at = tokens[0]?.from ?? 0;
  let html = '';
  for (const token of tokens.filter(isMatch)) {
    const word = escapeHtml(text.slice(token.from, token.to));
    html += `${escapeHtml(text.slice(at, token.from))}<mark>${word}</mark>`;
    at = token.to;
  }
  return html + escapeHtml(text.slice(at, tokens.at(-1)?.to));
};

/** HTML-escaped pieces of a text around the words that were looked for, these in `<mark>`. */
export const highlightsIn = (wholeText: string, words: ReadonlySet<string>): string[] => {
  const text = wholeText.slice(0, longest);
  const tokens = tokensOf(text);
  const isMatch = ({ word }: Token): boolean => word !== null && words.has(word);
  const pieces: string[] = [];
  for (let at = tokens.findIndex(isMatch); at !== -1 && pieces.length < mostPieces;) {
    const end = at + behind;
    pieces.push(markUp(text, tokens.slice(Math.max(0, at - before), end), isMatch));
    at = tokens.findIndex((token, index) => index >= end && isMatch(token));
  }
  return pieces;
};
