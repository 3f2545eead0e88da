import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;
let lastMs = 0;
let counter = 0;

const takeRandom = (bytes: number): number => {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return used - bytes;
};

const tick = (): void => {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Half of the counter's range is left free, so that a busy millisecond does not run over at once.
    counter = pool.readUInt16BE(takeRandom(2)) & 0x7ff;
    return;
  }
  counter += 1;
  if (counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
};

/** A UUIDv7 (RFC 9562, method 1): ids made by this process sort in the order they were made. */
export const uuidv7 = (): string => {
  tick();
  const at = takeRandom(8);
  pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
  const tail = pool.toString('hex', at, at + 8);
  const time = lastMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
};
