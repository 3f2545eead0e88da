import { existsSync } from 'node:fs';
import { packagedChromium } from './packaged-chromium.js';

/** A Chromium that can be started. */
export interface BrowserProgram {
  path: string;
  /** What it needs in its environment. */
  env: Record<string, string>;
}

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const askedFor = (): BrowserProgram | undefined => {
  const path = process.env['CHROMIUM_PATH'];
  if (!path) return undefined;
  if (!existsSync(path)) throw new Error(`CHROMIUM_PATH names ${path}, but there is no such program.`);
  return { path, env: {} };
};

const installed = (): BrowserProgram | undefined => {
  const path = usual.find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : { path, env: {} };
};

/**
 * The Chromium to test with: the one that `CHROMIUM_PATH` names, or else the one that came with `npm ci`, so
 * that all test alike, or else an installed one. Undefined where there is none, which is an error if
 * `HR_BROWSER_TESTS` is `required`.
 */
export const findBrowser = async (): Promise<BrowserProgram | undefined> => {
  const found = askedFor() ?? (await packagedChromium()) ?? installed();
  if (found === undefined && process.env['HR_BROWSER_TESTS'] === 'required')
    throw new Error('There is no Chromium, and HR_BROWSER_TESTS=required asks for one: set CHROMIUM_PATH.');
  return found;
};
