import { type FieldError, RespondBody, validatorOf } from '#libs/contracts';
import type { Approval, ApprovalPolicy } from '#libs/packet';
import { badText, isStorable, parseJson } from '../http/json-body.js';
import { ProblemError } from '../http/problem-error.js';

/** One thing that can be chosen on the page. */
export interface Choice {
  /** Its value in the form. */
  value: string;
  label: string;
  decision: 'approve' | 'deny' | 'custom';
  description?: string;
}

/** What was filled in, as it was sent. */
export interface Entered {
  choice: string;
  /** The answer in words of one's own. */
  own: string;
  notes: string;
  /** The structured answer as JSON. */
  answer: string;
}

const text = (description: string) => ({ type: 'string' as const, description });

/** The form, as the API reference shows it. */
export const answerFields = {
  schema: {
    type: 'object',
    required: ['choice'],
    properties: {
      choice: text('One of the choices on the page, or `own`.'),
      own: text('With `own`: the answer.'),
      notes: text('For those who read it later.'),
      answer: text('The structured answer as JSON, where one is asked for.'),
    },
  },
  example: { choice: 'approve', notes: 'As agreed by phone.' },
};

export const nothingEntered: Entered = { choice: '', own: '', notes: '', answer: '' };

/** The value of the choice that is an answer in words of one's own. */
export const ownWords = 'own';

export const choicesOf = ({ options }: ApprovalPolicy): Choice[] =>
  options.length === 0
    ? [
        { value: 'approve', label: 'Approve', decision: 'approve' },
        { value: 'deny', label: 'Deny', decision: 'deny' },
      ]
    : options.map((option, at) => ({ value: `option-${at}`, ...option }));

/** Whether an answer may be none of the choices. */
export const takesOwnWords = ({ options, strict_options }: ApprovalPolicy): boolean =>
  !strict_options || options.length === 0;

/** What a form holds; what it sends twice counts once. */
export const enteredIn = (body: unknown): Entered => {
  const fields = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  const field = (name: keyof Entered): string => (fields.get(name) ?? '').replaceAll('\r\n', '\n').trim();
  return { choice: field('choice'), own: field('own'), notes: field('notes'), answer: field('answer') };
};

export type Answer = { body: RespondBody } | { errors: FieldError[] };

const wrong = (field: keyof Entered, message: string): { errors: FieldError[] } => ({
  errors: [{ field, code: 'invalid', message }],
});

const responseIn = (entered: Entered, policy: ApprovalPolicy): string | undefined => {
  if (entered.choice === ownWords && takesOwnWords(policy)) return entered.own || undefined;
  return choicesOf(policy).find(({ value }) => value === entered.choice)?.label;
};

const parsedAnswer = (text: string): { value?: unknown } | undefined => {
  if (text === '') return {};
  try {
    return { value: parseJson(Buffer.from(text)) };
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
};

// The page calls the response by what is filled in.
const fieldNames: Record<string, string> = { response: 'own' };

/** What was filled in, as an answer to this checkpoint by this approver. */
export const answerOf = (
  entered: Entered,
  { policy }: Pick<Approval, 'policy'>,
  approver: string,
): Answer => {
  const response = responseIn(entered, policy);
  if (response === undefined)
    return entered.choice === ownWords
      ? wrong('own', 'Write your answer.')
      : wrong('choice', 'Choose one of the answers.');
  const parsed = parsedAnswer(entered.answer);
  if (parsed === undefined) return wrong('answer', 'Write the structured answer as JSON.');
  const unstorable = [response, entered.notes].some((text) => !isStorable(text));
  if (unstorable) return wrong('own', badText.message);
  const body = {
    response,
    responded_by: approver,
    ...(entered.notes && { notes: entered.notes }),
    ...(parsed.value !== undefined && { answer: parsed.value }),
  };
  const validator = validatorOf(RespondBody);
  if (validator.accepts(body)) return { body };
  return {
    errors: validator
      .errors(body)
      .map((error) => ({ ...error, field: fieldNames[error.field] ?? error.field })),
  };
};
