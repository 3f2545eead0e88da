import { isIP } from 'node:net';

const dayPattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const isDay = (text: string): boolean => {
  if (!dayPattern.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  // A day that the month has not rolls over into the next one, or is no date at all.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
};

const isTime = (text: string): boolean => text.length < 100 && timePattern.test(text);

const isInstant = (text: string): boolean =>
  /^[Tt]$/.test(text.charAt(10)) && isDay(text.slice(0, 10)) && isTime(text.slice(11));

const isEmail = (text: string): boolean => {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  return (
    at > 0 && local.length <= 64 && domain.length <= 255 && !/[\s@]/.test(local + domain) && domain !== ''
  );
};

/** The formats that are checked; any other only annotates. */
export const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isInstant],
  ['date', isDay],
  ['time', isTime],
  ['email', isEmail],
  ['uri', (text) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text)],
  ['uuid', (text) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)],
  ['ipv4', (text) => isIP(text) === 4],
  ['ipv6', (text) => isIP(text) === 6 && !text.includes('%')],
]);
