import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { type BrowserProgram, findBrowser } from './find-browser.js';

export interface TestBrowser {
  /** Such as `143.0.7499.0`. */
  readonly version: string;
  /** A page in a context of its own: no cookies or storage of others. Closed with the browser. */
  newPage(options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export interface PageOptions {
  /** CSS pixels. */
  viewport?: { width: number; height: number };
  /** As for a visitor who has switched scripts off. */
  javaScriptEnabled?: boolean;
}

export interface TestPage {
  page: Page;
  context: BrowserContext;
  /** Everything that went wrong on the page: dialogs, errors of scripts, what the console called an error. */
  readonly troubles: readonly string[];
  /** Addresses of all requests that were sent. */
  readonly requests: readonly string[];
}

// Nothing here talks to the outside, and a test run as root has no sandbox.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const watched = (context: BrowserContext, page: Page): TestPage => {
  const [troubles, requests]: [string[], string[]] = [[], []];
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss().catch(() => undefined);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (line) => line.type() === 'error' && troubles.push(`console: ${line.text()}`));
  page.on('request', (request) => requests.push(request.url()));
  return { page, context, troubles, requests };
};

const launch = async ({ path, env }: BrowserProgram): Promise<TestBrowser> => {
  // It takes long to load, and few tests need it.
  const { chromium } = await import('playwright-core');
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const folder = await mkdtemp(join(tmpdir(), 'handoffrail-browser-'));
  const browser = await chromium
    .launch({
      executablePath: path,
      args: quiet,
      env: { ...Object.fromEntries(own), ...env, HOME: folder, XDG_CACHE_HOME: folder },
    })
    .catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
  return {
    version: browser.version(),
    newPage: async ({ viewport = { width: 1280, height: 800 }, javaScriptEnabled = true } = {}) => {
      const context = await browser.newContext({ viewport, javaScriptEnabled, serviceWorkers: 'block' });
      return watched(context, await context.newPage());
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/**
 * Starts a Chromium with a profile that is thrown away, or says in one line that there is none and returns
 * undefined: let the tests then be skipped. @throws when `HR_BROWSER_TESTS` is `required` and there is none
 */
export const openBrowser = async (): Promise<TestBrowser | undefined> => {
  const program = await findBrowser();
  if (program !== undefined) return launch(program);
  // eslint-disable-next-line no-console -- who runs the tests must see that these did not
  console.warn('NO BROWSER: the browser tests are SKIPPED. Set CHROMIUM_PATH to a Chromium to run them.');
  return undefined;
};
