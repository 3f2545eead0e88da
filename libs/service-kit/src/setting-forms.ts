import { urlOf, wholeNumber } from './settings.js';

// Each reads one form of text; undefined is the answer to any other.

export const port = wholeNumber(1, 65_535);

export const ratio = (text: string): number | undefined => {
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= 1 ? value : undefined;
};

export const nonEmpty = (text: string): string | undefined => text || undefined;

export const natsUrls = (text: string): string | undefined =>
  text.split(',').every((url) => urlOf('nats:', 'tls:')(url.trim()) !== undefined) ? text : undefined;

/** The seed of an account, as nkeys write it. */
export const issuerSeed = (text: string): string | undefined =>
  /^SA[A-Z2-7]{56}$/.test(text) ? text : undefined;

export const apiKey = (text: string): string | undefined => (/^hr_[\w-]{43}$/.test(text) ? text : undefined);

/** A secret that is long enough to sign with. */
export const linkSecret = (text: string): string | undefined =>
  text.length >= 32 && text.length <= 512 ? text : undefined;

/** How many copies a NATS cluster can keep. */
export const replicas = (text: string): 1 | 3 | 5 | undefined =>
  ([1, 3, 5] as const).find((n) => String(n) === text);

const isOrigin = (text: string): boolean =>
  urlOf('http:', 'https:')(text) !== undefined && new URL(text).origin === text;

/** Origins as browsers send them, or `*` alone for all. */
export const corsOrigins = (text: string): readonly string[] | undefined => {
  const origins = text.split(',').map((origin) => origin.trim());
  return text === '*' || origins.every(isOrigin) ? origins : undefined;
};
