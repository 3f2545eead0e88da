// Some functions here run in the page.
/// <reference lib="dom" />
import {
  auditPage,
  type Client,
  openBrowser,
  type PageOptions,
  realisticPacket,
  smallPacket,
  type TestPage,
} from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { hostileHitl, hostilePacket, HostileTexts } from './hostile.features.js';

const browser = await openBrowser();
afterAll(() => browser?.close());

const send = 'Send this answer';

describe.skipIf(browser === undefined)('the pages of links, in a real browser', () => {
  let gateway: TestGateway;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const linkTo = async (packet: object, approver: string) => {
    const { status, body } = await admin.post('packets', packet);
    expect(status, JSON.stringify(body)).toBe(201);
    const made = await admin.post(`approvals/${body.hitl.id}/links`, { approver });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return { url: made.body.url as string, id: body.id as string };
  };
  const plainLink = (more: object = {}) => {
    const approvers = [{ id: 'mira', kind: 'user', name: 'Mira Lund' }];
    const hitl = { reason: 'A large refund', question: 'Pay 4,200 EUR?', approvers, ...more };
    return linkTo({ ...realisticPacket(1), hitl }, 'mira');
  };
  const hostileLink = async () => {
    const texts = new HostileTexts();
    const hitl = hostileHitl(texts);
    const link = await linkTo({ ...hostilePacket(texts), hitl }, hitl.approvers[0]!.id);
    return { ...link, texts, hitl };
  };
  const visit = async (url: string, options?: PageOptions): Promise<TestPage> => {
    const opened = await browser!.newPage(options);
    await opened.page.goto(url);
    return opened;
  };
  const hitlOf = async (id: string) => (await admin.get(`packets/${id}`)).body.hitl;

  /** What no text of a packet may become. */
  const intruders = ({ page }: TestPage): Promise<string[]> =>
    page.evaluate(() => {
      const ours = new Set(
        (
          'HTML HEAD META TITLE STYLE BODY MAIN H1 H2 H3 P A DIV SECTION DL DT DD UL OL LI BDI SPAN STRONG BR TIME ' +
          'DETAILS SUMMARY PRE FORM FIELDSET LEGEND INPUT LABEL TEXTAREA BUTTON'
        ).split(' '),
      );
      const all = [...document.querySelectorAll('*')];
      const wrong = all.filter(
        (node) =>
          !ours.has(node.tagName) ||
          [...node.attributes].some(({ name }) => name.startsWith('on') || name === 'autofocus') ||
          (node.tagName === 'A' && node.getAttribute('href') !== '#answer') ||
          (node.tagName === 'META' && node.hasAttribute('http-equiv')) ||
          (node.tagName === 'FORM' && node.hasAttribute('action')),
      );
      const single = ['form', 'button', 'main', 'h1', 'style', 'title'].filter(
        (name) => document.querySelectorAll(name).length !== 1,
      );
      return [...wrong.map(({ outerHTML }) => outerHTML.slice(0, 200)), ...single];
    });

  const shownTexts = ({ page }: TestPage): Promise<string> =>
    page.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
      return `${document.body.textContent} ${[...document.querySelectorAll('textarea')].map(({ value }) => value).join(' ')}`;
    });

  it('show every text of a packet as the text that it is, and run none', async () => {
    const { url, id, texts, hitl } = await hostileLink();
    expect(texts.all.length).toBeGreaterThan(100);
    const visited = await visit(url);
    const shown = await shownTexts(visited);
    // In data a text stands as JSON writes it, in the address of a file as an address does.
    const spellings = (text: string) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
    const lost = texts.all.filter((text) => !spellings(text).some((spelling) => shown.includes(spelling)));
    expect(lost).toEqual([]);
    expect(await intruders(visited)).toEqual([]);

    const { page, troubles, requests } = visited;
    for (const at of [0, 5, 9]) await page.getByText(hitl.options[at]!.label).first().hover();
    await page.locator('#option-3').check();
    await page.getByLabel('Notes (optional)').fill('</textarea><script>alert(20)</script>');
    await page.getByLabel('Structured answer, as JSON').fill('</textarea><img src=x onerror=alert(21)>');
    await page.getByRole('button', { name: send }).click();
    // The form comes back with what was filled in, which is hostile as well.
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Notes (optional)').inputValue()).toContain('<script>alert(20)');
    expect(await intruders(visited)).toEqual([]);

    await page.getByLabel('Structured answer, as JSON').fill('{}');
    await page.getByRole('button', { name: send }).click();
    await page.getByRole('heading', { name: 'Your answer is recorded' }).waitFor();
    expect(await page.textContent('main')).toContain(hitl.options[3]!.label);
    expect(await hitlOf(id)).toMatchObject({ state: 'answered', response: hitl.options[3]!.label });
    expect([...new Set(requests)]).toEqual([url]);
    // A refused form answers 422, which the console calls an error; nothing else came up, not even for the policy.
    expect(troubles.filter((trouble) => !trouble.includes('status of 422'))).toEqual([]);
  });

  it('need no policy to keep texts from running', async () => {
    const { url } = await hostileLink();
    const opened = await browser!.newPage();
    await opened.context.route('**', async (route) => {
      const answer = await route.fetch();
      const { 'content-security-policy': _policy, ...headers } = answer.headers();
      await route.fulfill({ response: answer, headers });
    });
    const answer = await opened.page.goto(url);
    expect(answer?.headers()['content-security-policy']).toBeUndefined();
    await shownTexts(opened);
    await opened.page.getByRole('button', { name: send }).hover();
    expect(await intruders(opened)).toEqual([]);
    expect(opened.troubles).toEqual([]);
    expect(opened.requests).toEqual([url]);
  });

  it('would run nothing even if a text got through', async () => {
    const { url } = await plainLink();
    const opened = await browser!.newPage();
    const intruder =
      '<script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)">' +
      '<form action="https://evil.example/"><button id="evil">Go</button></form><style>main{display:none}</style>';
    await opened.context.route('**', async (route) => {
      if (route.request().url() !== url) return route.abort();
      const answer = await route.fetch();
      const body = (await answer.text()).replace('<main>', `${intruder}<main>`);
      await route.fulfill({ response: answer, body });
    });
    const { page, troubles } = opened;
    await page.goto(url);
    await page.locator('#evil').click({ noWaitAfter: true });
    expect(await page.getByRole('button', { name: send }).isVisible()).toBe(true);
    expect(page.url()).toBe(url);
    expect(troubles.filter((trouble) => !trouble.startsWith('console:'))).toEqual([]);
    // Script, handler, image, style and form were each stopped by name.
    for (const stopped of ['inline script', 'event handler', 'the image', 'inline style', 'form data'])
      await expect
        .poll(() => troubles.filter((trouble) => trouble.includes(stopped)).join())
        .toContain('Content Security Policy');
  });

  it.each([true, false])('are answered with the keyboard alone (scripts: %s)', async (javaScriptEnabled) => {
    const { url, id } = await plainLink();
    const { page, troubles } = await visit(url, { javaScriptEnabled });
    await page.getByRole('link', { name: 'Go to the answer' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: 'Deny' }).isChecked()).toBe(true);
    for (const _ of ['own words', 'notes', 'button']) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your answer is recorded', level: 1 }).waitFor();
    expect(await hitlOf(id)).toMatchObject({ state: 'denied', responded_by: 'Mira Lund' });
    expect(troubles).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'This link has been used' }).waitFor();
    await page.goto(url);
    expect(await page.textContent('h1')).toBe('This link has been used');
  });

  it('say what everything is to those who do not see it', async () => {
    const { url } = await plainLink({ response_schema: { type: 'object' } });
    const { page } = await visit(url);
    expect(await page.title()).toBe('Your decision is asked for – HandoffRail');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    const headings = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => tagName));
    expect(headings.join(' ')).toMatch(/^H1 H2 (H3 )+H2$/);
    expect(await page.getByRole('group', { name: 'What do you decide?' }).count()).toBe(1);
    const approve = page.getByRole('radio', { name: 'Approve', exact: true });
    const description = await approve.getAttribute('aria-describedby');
    expect(await page.textContent(`#${description}`)).toContain('Counts as a yes.');
    const fields = await page
      .locator('input, textarea')
      .evaluateAll((all) =>
        all.map((field) => (field as HTMLInputElement).labels?.[0]?.textContent?.trim() ?? ''),
      );
    expect(fields).toEqual([
      'Approve',
      'Deny',
      'Another answer, in your own words',
      'Your own answer',
      'Structured answer, as JSON (to deny you need none)',
      'Notes (optional)',
    ]);
    await approve.focus();
    const outline = () => page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    await page.keyboard.press('Tab');
    expect(await outline()).toBe('solid');
    // Nothing can be sent before something is chosen.
    await page.getByRole('button', { name: send }).click();
    expect(await approve.evaluate((input) => (input as HTMLInputElement).validity.valueMissing)).toBe(true);
    expect(page.url()).toBe(url);
  });

  it('stand up to an audit, as long as they ask and when they are done', async () => {
    const { url } = await plainLink({ response_schema: { type: 'object' } });
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await visit(url);
      await page.emulateMedia({ colorScheme });
      for (const folded of await page.locator('summary').all()) await folded.click();
      expect(await auditPage(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Approve', exact: true }).check();
      await page.getByRole('button', { name: send }).click();
      await page.getByRole('alert').waitFor();
      expect(await auditPage(page)).toEqual([]);
    }
    const { page } = await visit(url);
    await page.getByRole('radio', { name: 'Deny' }).check();
    await page.getByRole('button', { name: send }).click();
    await page.getByRole('heading', { name: 'Your answer is recorded' }).waitFor();
    expect(await auditPage(page)).toEqual([]);
    await page.goto(url);
    expect(await auditPage(page)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('fit a phone, and can be read in %s', async (colorScheme) => {
    const long = 'x'.repeat(600);
    const packet = smallPacket('bo', 'ana', { context: { summary: `${long} ${'words '.repeat(200)}` } });
    const options = [{ label: long.slice(0, 200), decision: 'approve', description: long }, 'No'];
    const { url } = await linkTo({ ...packet, hitl: { reason: long, options } }, 'mira');
    const { page } = await visit(url, { viewport: { width: 320, height: 640 } });
    await page.emulateMedia({ colorScheme });
    const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(needed).toBeLessThanOrEqual(width);
    const button = await page.getByRole('button', { name: send }).boundingBox();
    expect(button!.height).toBeGreaterThanOrEqual(44);
    const contrasts = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const light = (name: string) => {
        const [r = 0, g = 0, b = 0] = (style.getPropertyValue(name).match(/[0-9a-f]{2}/gi) ?? []).map(
          (hex) => {
            const value = Number.parseInt(hex, 16) / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          },
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const pairs = ['--text', '--soft', '--link', '--bad'].flatMap((front) =>
        ['--back', '--panel'].map((back) => [light(front), light(back)].sort((a, b) => b - a)),
      );
      return pairs.map(([high = 0, low = 0]) => (high + 0.05) / (low + 0.05));
    });
    expect(contrasts).toHaveLength(8);
    for (const contrast of contrasts) expect(contrast).toBeGreaterThanOrEqual(4.5);
  });
});
