import { hash } from 'node:crypto';
import type { ApiReply } from '../http/call.js';
import { html, type Html, type HtmlValue } from './html.js';

const style = `
:root { color-scheme: light dark; --text: #16191d; --soft: #4a535e; --back: #ffffff; --panel: #f3f5f7; --line: #8a94a0; --link: #0b57d0; --bad: #a3161b; }
@media (prefers-color-scheme: dark) { :root { --text: #eceff2; --soft: #b6bfc9; --back: #14171a; --panel: #1f242a; --line: #76818d; --link: #8ab4f8; --bad: #ff9a94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
p { margin: 0.5rem 0; }
ul, ol { padding-left: 1.4rem; margin: 0.5rem 0; }
a { color: var(--link); }
.text { white-space: pre-wrap; }
.soft { color: var(--soft); }
.panel { background: var(--panel); border-left: 0.3rem solid var(--link); padding: 0.5rem 1rem; }
.bad { border-left-color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0.5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
pre { background: var(--panel); padding: 0.75rem; white-space: pre-wrap; margin: 0.5rem 0; }
summary { cursor: pointer; padding: 0.25rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 0.4rem; margin: 1rem 0; padding: 0.5rem 1rem 1rem; }
legend { font-weight: 600; padding: 0 0.4rem; }
.choice { display: flex; gap: 0.75rem; align-items: flex-start; padding: 0.5rem 0; }
.choice input { width: 1.4rem; height: 1.4rem; margin: 0.1rem 0 0; flex: none; }
label { font-weight: 600; }
.choice > div { flex: 1; }
textarea { width: 100%; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem; }
button { font: inherit; font-weight: 600; min-height: 3rem; padding: 0.5rem 1.5rem; border: 2px solid var(--link); border-radius: 0.4rem; background: var(--link); color: var(--back); cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
.error { color: var(--bad); font-weight: 600; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.5rem; } button { width: 100%; } }
`;

// What the page itself holds is all that it may do: no script, nothing from elsewhere, in nobody's frame.
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

// The one text that must not be escaped; nothing of a caller is in it.
const styled = (page: Html): string =>
  page.toString().replace('<style></style>', () => `<style>${style}</style>`);

/** Texts of callers: in whatever direction they are written, they keep to their own place. */
export const told = (text: string): Html => html`<bdi class="text" dir="auto">${text}</bdi>`;

/** An instant as people read it, in UTC. */
export const when = (instant: string): Html =>
  html`<time datetime="${instant}">${instant.slice(0, 16).replace('T', ' ')} UTC</time>`;

export interface Page {
  status: number;
  /** What the page is, in words of ours. */
  title: string;
  body: HtmlValue;
}

/** Answers with a page of our own that runs no script and is kept by nobody. */
export const sendPage = (reply: ApiReply, { status, title, body }: Page): void => {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} – HandoffRail</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <style></style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  void reply.code(status).headers(headers).type('text/html; charset=utf-8').send(styled(page));
};
