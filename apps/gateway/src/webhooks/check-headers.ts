import type { ChangeHookBody } from '#libs/contracts';
import { invalidField } from '../http/problem-error.js';

const token = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
/** What a request says of itself, and what only we may say. */
const ours =
  /^(?:host|connection|content-.*|transfer-encoding|keep-alive|te|trailer|upgrade|expect|date|proxy-.*|webhook-.*|x-hr-.*|traceparent|tracestate)$/;

const refusalOf = (name: string, names: readonly string[]): string | undefined => {
  if (!token.test(name)) return 'Name the header in up to 64 letters, digits and dashes.';
  if (ours.test(name)) return 'Leave this header out: we set it, or it belongs to the connection.';
  return names.filter((other) => other === name).length > 1 ? 'Send this header once.' : undefined;
};

/** @throws ProblemError for a header that a webhook's deliveries cannot carry */
export const checkHeaders = ({ headers }: ChangeHookBody): void => {
  const given = Object.keys(headers ?? {});
  const names = given.map((name) => name.toLowerCase());
  for (const name of given) {
    const refusal = refusalOf(name.toLowerCase(), names);
    if (refusal) throw invalidField(`headers.${name}`, 'header_not_allowed', refusal);
  }
};
