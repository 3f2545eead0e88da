const member = (value: object, key: string): string =>
  `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`;

/**
 * JSON in the canonical form of RFC 8785 (keys by UTF-16 code unit, numbers and strings as ECMAScript
 * prints them), so that equal values have equal text. Members that are undefined are left out.
 */
export const canonicalJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => member(value, key))
    .join(',')}}`;
};

const sameMembers = (a: object, b: object): boolean => {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
};

/** Whether two JSON values are equal; the order of keys does not count. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) === Array.isArray(b) && sameMembers(a, b);
};
