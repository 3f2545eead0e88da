/** Bytes of the text in UTF-8. */
export const byteLength = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two, so that a pair comes to four.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
};

/** Bytes of a value as JSON. */
export const jsonBytes = (value: unknown): number => byteLength(JSON.stringify(value));

// With the u flag a pair is one character, so that Cs finds only halves that stand alone.
const loneSurrogate = /\p{Cs}/u;

const isUnstorable = (text: string): boolean => text.includes('\u0000') || loneSurrogate.test(text);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const inEntries = (value: object, path: string): string | null => {
  for (const [key, item] of Object.entries(value)) {
    const found = isUnstorable(key) ? join(path, key) : hasUnstorableText(item, join(path, key));
    if (found !== null) return found;
  }
  return null;
};

/**
 * Path (`context.custom.a.0`) of the first string or key that holds U+0000 or half of a surrogate pair,
 * which Postgres cannot store; null when there is none. The value's depth must be bounded already.
 */
export const hasUnstorableText = (value: unknown, path = ''): string | null => {
  if (typeof value === 'string') return isUnstorable(value) ? path : null;
  return typeof value === 'object' && value !== null ? inEntries(value, path) : null;
};
