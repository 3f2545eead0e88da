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
