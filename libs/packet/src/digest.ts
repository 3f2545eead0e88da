import { canonicalJson } from './canonical-json.js';
import type { PacketContent } from './document.js';

// SHA-256 (FIPS 180-4) in plain code: the domain runs in browsers too and may not wait for a promise.

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
};

/** The first 32 bits of the fraction: of square roots for the start, of cube roots for the rounds. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
const start = primes(8).map((p) => fraction(Math.sqrt(p)));
const rounds = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The message with its 1 bit, zeros and length in bits, as the blocks of 16 words that the rounds take. */
const padded = (message: Uint8Array): DataView => {
  const bytes = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(bytes.length - 4, message.length << 3);
  return view;
};

const schedule = (words: Int32Array, block: DataView, offset: number): void => {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const w15 = words[i - 15] ?? 0;
    const w2 = words[i - 2] ?? 0;
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    words[i] = (words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1;
  }
};

type Hash = [number, number, number, number, number, number, number, number];

const compress = (hash: Hash, words: Int32Array): Hash => {
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] ?? 0) + (words[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  const mixed = [a, b, c, d, e, f, g, h];
  return hash.map((word, i) => (word + (mixed[i] ?? 0)) | 0) as Hash;
};

/** SHA-256 of the text's UTF-8 bytes, as 64 hex digits. */
export const sha256 = (text: string): string => {
  const blocks = padded(new TextEncoder().encode(text));
  const words = new Int32Array(64);
  let hash = start as Hash;
  for (let offset = 0; offset < blocks.byteLength; offset += 64) {
    schedule(words, blocks, offset);
    hash = compress(hash, words);
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
};

/** What an approval is bound to: everything in the packet that a person decides on. */
export const contentDigest = ({ context, decisions, actions, dependencies }: PacketContent): string =>
  sha256(canonicalJson({ context, decisions, actions, dependencies }));
