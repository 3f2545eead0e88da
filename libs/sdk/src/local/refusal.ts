import type { Rejection } from '#libs/packet';
import { problemKinds } from '../generated/problems.js';
import type { ProblemDocument } from '../generated/wire.js';

/** Why something is not done, in the words of the domain. */
export class Refusal extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.detail);
  }
}

type Issue = NonNullable<Rejection['errors']>[number];

/** One or more fields are wrong. */
export const invalid = (errors: Issue[]): Refusal => {
  const [first] = errors;
  const where = first === undefined || first.field === '' ? 'the request' : `the field ${first.field}`;
  const detail = `Correct ${where}: ${first?.message ?? 'it is not valid.'}`;
  return new Refusal({
    code: 'validation_failed',
    detail,
    errors,
    ...(first && { field: first.field }),
  });
};

export const notFound = (what: string): Refusal =>
  new Refusal({ code: 'not_found', detail: `There is no such ${what}. Check its id.` });

/** The problem document that the server would answer with. */
export const problemOf = ({ rejection }: Refusal, path: string): ProblemDocument => {
  const { code, detail, status: packet_status, available_at: _at, allowed, ...more } = rejection;
  const { status, title } = problemKinds[code];
  return {
    type: `https://handoffrail.dev/problems/${code}`,
    title,
    status,
    detail,
    instance: path,
    code,
    trace_id: '0'.repeat(32),
    ...(packet_status !== undefined && { packet_status }),
    ...(allowed && { allowed: [...allowed] }),
    ...more,
  };
};
