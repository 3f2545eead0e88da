import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditPage } from './audit-page.js';
import { openBrowser } from './open-browser.js';

const browser = await openBrowser();
afterAll(() => browser?.close());

describe.skipIf(browser === undefined)('the browser of the tests', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const html = '<title>Probe</title><p>Hello<script>alert(1); missing()</script><img src="/there.png">';
    server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  it('runs scripts, and tells of dialogs, errors and requests', async () => {
    const { page, troubles, requests } = await browser!.newPage();
    await page.goto(url);
    expect(await page.title()).toBe('Probe');
    expect(troubles).toEqual(['dialog: 1', expect.stringMatching(/^error: missing is not defined/)]);
    expect(requests).toEqual([url, `${url}there.png`]);
  });

  it('tells what keeps people from using a page', async () => {
    const { page } = await browser!.newPage();
    await page.goto(url);
    const found = (await auditPage(page)).join('\n');
    expect(found).toMatch(/^html-has-lang \(serious\)/m);
    expect(found).toMatch(/^image-alt \(critical\).*there\.png/m);
  });

  it('can be one without scripts', async () => {
    const { page, troubles } = await browser!.newPage({ javaScriptEnabled: false });
    await page.goto(url);
    expect(await page.textContent('p')).toContain('Hello');
    expect(troubles).toEqual([]);
  });
});
