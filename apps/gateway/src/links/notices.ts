import { html, type Html } from './html.js';
import { type Page, when } from './page.js';

/** Why a link does not lead to a decision any more, or never did. */
export type EndingKind =
  | 'unknown'
  | 'used'
  | 'expired'
  | 'revoked'
  | 'voided'
  | 'approved'
  | 'denied'
  | 'answered'
  | 'closed'
  | 'timed_out'
  | 'missing'
  | 'foreign'
  | 'unavailable';

export interface Ending {
  kind: EndingKind;
  /** When it was used, or until when it worked. */
  at?: string | undefined;
}

const untouched = 'Nothing was changed by opening it.';
const ask = 'Ask whoever sent it for a new link if your answer is still needed.';
const decided = 'This has been decided';

const used = (at?: string): Html =>
  html`An answer was given by it${at && html` at ${when(at)}`}, and a link works once.`;
const expired = (at?: string): Html =>
  html`${at ? html`It worked until ${when(at)}.` : 'It worked for a limited time only.'}`;

type Notice = [status: number, title: string, ...sentences: (string | ((at?: string) => Html))[]];

const notices: Record<EndingKind, Notice> = {
  unknown: [404, 'This link is not valid', 'Check that you have opened the whole link.', ask],
  used: [410, 'This link has been used', used, untouched],
  expired: [410, 'This link has expired', expired, ask],
  revoked: [410, 'This link has been revoked', 'Whoever made it has taken it back.', ask],
  voided: [
    409,
    'What you were asked about has changed',
    'The question was withdrawn, or asked anew about the content as it is now: this link decides nothing.',
    ask,
  ],
  approved: [409, decided, 'It has been approved.', untouched],
  denied: [409, decided, 'It has been denied.', untouched],
  answered: [409, decided, 'It has been answered.', untouched],
  closed: [409, 'No answer is needed any more', 'The question is over without one.', untouched],
  timed_out: [410, 'The time to answer is over', 'Nobody decided in time.', untouched],
  missing: [410, 'What you were asked about is no longer there', untouched],
  foreign: [403, 'This answer came from another page', 'Open the link itself, and answer there.'],
  unavailable: [503, 'This does not work right now', 'Nothing is lost: open the link again in a moment.'],
};

/** The page that says so. */
export const noticeOf = ({ kind, at }: Ending): Page => {
  const [status, title, ...sentences] = notices[kind];
  const body = sentences.map((one) => html`<p>${typeof one === 'string' ? one : one(at)}</p>`);
  return { status, title, body };
};
