import { createHash } from 'node:crypto';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** So many random bytes in hex. */
export const randomHex = (bytes: number): string => hexOf(crypto.getRandomValues(new Uint8Array(bytes)));

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** The bits that tell which kind of UUID it is. */
const marked = (hex: string, version: number): string => {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return dashed(`${hex.slice(0, 12)}${version}${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
};

let last = 0;

/** A UUIDv7 (RFC 9562); those of one process sort in the order in which they were made. */
export const uuidv7 = (now = Date.now()): string => {
  // The 12 bits behind the milliseconds count on, so that none is before the one made before it.
  last = Math.max(last + 1, now * 0x1000);
  const [ms, count] = [Math.floor(last / 0x1000), last % 0x1000];
  const head = `${ms.toString(16).padStart(12, '0')}7${count.toString(16).padStart(3, '0')}`;
  return marked(`${head}${randomHex(8)}`, 7);
};

/** A UUIDv8 of these parts: the same parts always give the same id. */
export const derivedUuid = (...parts: string[]): string =>
  marked(createHash('sha256').update(JSON.stringify(parts)).digest('hex'), 8);

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
