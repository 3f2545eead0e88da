import { wordsOf } from './words.js';

/** Postgres' limits: places that are told apart, and places per word. */
const mostPlaces = 16_383;
const mostPerWord = 255;

/** Weights of a place, in its two upper bits: A for the title, C for the rest. */
const weights = { title: 3 << 14, text: 1 << 14 } as const;

type Places = Map<string, number[]>;

const place = (places: Places, word: string, at: number): void => {
  const found = places.get(word);
  if (found === undefined) places.set(word, [at]);
  else if (found.length < mostPerWord) found.push(at);
};

const placesOf = (title: string, text: string): Places => {
  const places: Places = new Map();
  let at = 0;
  for (const [part, weight] of [
    [title, weights.title],
    [text, weights.text],
  ] as const) {
    for (const word of wordsOf(part)) {
      at += 1;
      if (word === null) continue;
      if (at < mostPlaces) place(places, word, at | weight);
      // Beyond the last place a word is still found, only not in phrases.
      else if (!places.has(word)) places.set(word, []);
    }
  }
  return places;
};

/**
 * The words of a packet as a tsvector in Postgres' binary form: counted, then each word with its places.
 * Made here because Postgres takes five times as long to read a text.
 */
export const vectorOf = (title: string, text: string): Buffer => {
  const places = placesOf(title, text);
  let size = 4;
  for (const [word, found] of places) size += Buffer.byteLength(word) + 3 + 2 * found.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt32BE(places.size, 0);
  for (const [word, found] of places) {
    at += bytes.write(word, at);
    at = bytes.writeUInt8(0, at);
    at = bytes.writeUInt16BE(found.length, at);
    for (const one of found) at = bytes.writeUInt16BE(one, at);
  }
  return bytes;
};

const tsvector = 3614;

/** An array of tsvectors in binary form, as one parameter of a statement. */
export const vectorArray = (vectors: readonly Buffer[]): Buffer => {
  const header = Buffer.allocUnsafe(20);
  // One dimension, no nulls, the elements' type, how many, counted from 1.
  [1, 0, tsvector, vectors.length, 1].forEach((value, index) => header.writeInt32BE(value, index * 4));
  const items = vectors.flatMap((vector) => {
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(vector.length, 0);
    return [length, vector];
  });
  return Buffer.concat([header, ...items]);
};
