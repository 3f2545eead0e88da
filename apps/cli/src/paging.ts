import type { Listing } from '#libs/sdk';
import type { Command } from 'commander';
import { integer } from './parse.js';

/** Flags of every list. */
export interface PageFlags {
  limit: number;
  cursor?: string;
  all?: boolean;
}

const most = 200;

/** Gives a command the flags of a list. */
export const paged = (command: Command): Command =>
  command
    .option('--limit <n>', `how many, up to ${most}`, integer(1, most), 20)
    .option('--cursor <cursor>', 'where to go on: next_cursor of the page before')
    .option('--all', 'everything, whatever it takes');

/** What to ask for: with `--all` few large pages. */
export const pageQuery = ({ limit, cursor, all }: PageFlags) => ({ limit: all ? most : limit, cursor });

interface Page {
  next_cursor: string | null;
}

/** The page that was asked for, or all of them as one: `field` holds the entries. */
export const pageOf = async <P extends Page, Field extends keyof P>(
  listing: Listing<P, unknown>,
  field: Field,
  { all = false }: PageFlags,
): Promise<P> => {
  if (!all) return listing;
  let whole: P | undefined;
  const entries: unknown[] = [];
  for await (const page of listing.pages()) {
    entries.push(...(page[field] as unknown[]));
    whole = page;
  }
  return { ...(whole as P), [field]: entries };
};
