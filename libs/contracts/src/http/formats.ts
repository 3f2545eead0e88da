/** Any UUID, in either case. */
export const uuidPattern = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

const instantPattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the value is an RFC 3339 instant that the calendar has, between the years 1970 and 9999. */
export const isInstantText = (value: unknown): boolean => {
  if (typeof value !== 'string' || value.length > 40) return false;
  const [, year, month, day] = instantPattern.exec(value) ?? [];
  if (year === undefined || Number(year) < 1970) return false;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // A day that the month has not rolls over into the next one, or is no date at all.
  if (midnight.getUTCDate() !== Number(day)) return false;
  const epoch = Date.parse(value.toUpperCase());
  return epoch >= 0 && epoch < 253_402_300_800_000;
};

/** Code points, as JSON Schema counts them. */
export const countCharacters = (text: string): number => {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count--;
      at++;
    }
  }
  return count;
};
