import type { FieldError } from '#libs/contracts';
import type { Approval, AwaitingPacket } from '#libs/packet';
import {
  type Choice,
  choicesOf,
  type Entered,
  nothingEntered,
  ownWords,
  takesOwnWords,
} from './answer-form.js';
import { html, type Html } from './html.js';
import type { LinkRecord } from './link-records.js';
import { type Page, told, when } from './page.js';
import { packetView } from './packet-view.js';

/** What somebody with a link is asked, and what they have filled in so far. */
export interface Question {
  packet: AwaitingPacket;
  link: LinkRecord;
  entered?: Entered;
  /** Why the answer was not recorded: by the form's field, or of the whole. */
  errors?: readonly Pick<FieldError, 'field' | 'message'>[];
  status?: number;
}

const effects: Record<Choice['decision'], string> = {
  approve: 'Counts as a yes.',
  deny: 'Counts as a no.',
  custom: 'Counts as an answer: the work goes on with it.',
};

const neededOf = (quorum: number | 'all', { approvers }: Approval): number =>
  quorum === 'all' ? Math.max(approvers.length, 1) : quorum;

const quorum = (approval: Approval): Html | null => {
  const needed = neededOf(approval.policy.quorum.approve, approval);
  if (needed <= 1) return null;
  const given = approval.votes.filter(({ decision }) => decision !== 'deny').length;
  return html`<p>It needs ${needed} approvals and has ${given} so far.</p>`;
};

const asking = ({ packet: { approval }, link }: Question): Html =>
  html`<div class="panel">
      ${approval.policy.question !== undefined && html`<p><strong>${told(approval.policy.question)}</strong></p>`}
      <p>${told(approval.policy.reason)}</p>
    </div>
    <p>
      Asked by ${told(approval.requested_by)} at ${when(approval.requested_at)}. You answer as
      ${told(link.name ?? link.approver)}${link.name !== undefined && html` <span class="soft">(${told(link.approver)})</span>`}.
    </p>
    ${quorum(approval)}
    <p class="soft">
      This link works once, until ${when(link.expires_at)}. Nothing is decided before you send the answer
      below.
    </p>
    <p><a href="#answer">Go to the answer</a></p>`;

const alert = ({ errors = [] }: Question): Html | null =>
  errors.length === 0
    ? null
    : html`<div class="panel bad" role="alert" id="errors">
        <p><strong>Your answer was not recorded.</strong></p>
        <ul>
          ${errors.map(
            ({ field, message }) =>
              html`<li>${field.includes('.') && html`${told(field)}: `}${told(message)}</li>`,
          )}
        </ul>
      </div>`;

const radio = ({ value, label, decision, description }: Choice, chosen: string): Html =>
  html`<div class="choice">
    <input
      type="radio"
      name="choice"
      id="${value}"
      value="${value}"
      required
      aria-describedby="${value}-effect"
      ${value === chosen && html` checked`}
    />
    <div>
      <label for="${value}">${told(label)}</label>
      <div class="soft" id="${value}-effect">
        ${description !== undefined && html`${told(description)}<br />`}${effects[decision]}
      </div>
    </div>
  </div> `;

const own: Choice = {
  value: ownWords,
  label: 'Another answer, in your own words',
  decision: 'custom',
  description: 'Just “yes” or “no” counts as such.',
};

const textarea = (
  name: keyof Entered,
  rows: number,
  { entered = nothingEntered, errors = [] }: Question,
): Html => {
  const isWrong = errors.some(({ field }) => field === name || field.startsWith(`${name}.`));
  return html`<textarea
    name="${name}"
    id="${name}-text"
    rows="${rows}"
    dir="auto"
    ${name !== 'answer' && html` maxlength="10000"`}
    ${isWrong && html` aria-invalid="true" aria-describedby="errors"`}
  >
${entered[name]}</textarea>`;
};

const ownAnswer = (question: Question): Html =>
  html`${radio(own, question.entered?.choice ?? '')}
    <p><label for="own-text">Your own answer</label></p>
    ${textarea('own', 3, question)}`;

const structured = (question: Question): Html | null => {
  const schema = question.packet.approval.policy.response_schema;
  return schema === undefined
    ? null
    : html`<p><label for="answer-text">Structured answer, as JSON (to deny you need none)</label></p>
        ${textarea('answer', 6, question)}
        <details>
          <summary>What it must be (JSON Schema)</summary>
          <pre dir="auto">${JSON.stringify(schema, null, 2)}</pre>
        </details>`;
};

const form = (question: Question): Html => {
  const { policy } = question.packet.approval;
  const chosen = question.entered?.choice ?? '';
  return html`<section aria-labelledby="answer">
    <h2 id="answer">Your answer</h2>
    <form method="post" accept-charset="utf-8">
      <fieldset>
        <legend>What do you decide?</legend>
        ${choicesOf(policy).map((choice) => radio(choice, chosen))}
        ${takesOwnWords(policy) && ownAnswer(question)}
      </fieldset>
      ${structured(question)}
      <p><label for="notes-text">Notes (optional)</label></p>
      ${textarea('notes', 3, question)}
      <p><button type="submit">Send this answer</button></p>
      <p class="soft">It cannot be taken back by this link.</p>
    </form>
  </section>`;
};

/** When nobody can tell whether an answer was recorded. */
export const unsure = [
  { field: '', message: 'Something failed on our side. Send it again in a moment: it counts once.' },
];

/** The page that shows what is to be decided, and asks. */
export const decisionPage = (question: Question): Page => ({
  status: question.status ?? 200,
  title: 'Your decision is asked for',
  body: html`${alert(question)}${asking(question)}${packetView(question.packet)}${form(question)}`,
});

const results: Record<string, string> = {
  open: 'It is decided once enough others have answered, too.',
  approved: 'It is approved, and the work goes on.',
  denied: 'It is denied, and the work ends here.',
  answered: 'The work goes on with your answer.',
};

/** The page after an answer: what was recorded, and what has come of it. */
export const recordedPage = (response: string, state: string): Page => ({
  status: 200,
  title: 'Your answer is recorded',
  body: html`<p>You answered: ${told(response)}</p>
    <p>${results[state]}</p>
    <p class="soft">This link does not work any more. You can close this page.</p>`,
});
