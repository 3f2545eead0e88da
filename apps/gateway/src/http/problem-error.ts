import type { CommandReply, FieldError, Problem, ProblemCode } from '#libs/contracts';
import type { PacketCommandType, Rejection } from '#libs/packet';

/** What a problem says beyond its kind, without what the answer itself adds. */
export type ProblemFacts = Partial<
  Pick<
    Problem,
    | 'field'
    | 'errors'
    | 'allowed'
    | 'packet_status'
    | 'claimed_by'
    | 'revision'
    | 'retry_after'
    | 'limit'
    | 'used'
    | 'resets_at'
  >
>;

/** The one error that the edge throws: it becomes a problem document, whatever layer threw it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    /** A sentence that says what to do. */
    readonly detail: string,
    readonly facts: ProblemFacts = {},
  ) {
    super(detail);
  }
}

/** Refuses a request whose fields are wrong. */
export const invalid = (errors: FieldError[]): ProblemError => {
  const [first] = errors;
  const detail =
    errors.length === 1 && first
      ? `Correct the field ${first.field || '(the body)'}: ${first.message}`
      : `Correct the ${errors.length} fields that "errors" names.`;
  return new ProblemError('validation_failed', detail, {
    ...(first && { field: first.field }),
    errors,
  });
};

/** Refuses a request for one field. */
export const invalidField = (field: string, code: string, message: string): ProblemError =>
  invalid([{ field, code, message }]);

export const notFound = (what: string): ProblemError =>
  new ProblemError('not_found', `There is no such ${what}: check its id.`);

/** A dependency is down: the caller may try again. */
export const unavailable = (detail: string): ProblemError =>
  new ProblemError('unavailable', detail, { retry_after: 1 });

/** A service's fault as the edge's error; waiting helps against all but a bug. */
export const faulty = ({ code, detail }: Extract<CommandReply, { outcome: 'fault' }>): ProblemError =>
  new ProblemError(code, detail, code === 'internal' ? {} : { retry_after: 1 });

// Commands that only the rail itself sends: no caller can follow them as advice.
const internal: ReadonlySet<string> = new Set<PacketCommandType>([
  'create',
  'route',
  'expire',
  'lose_claim',
  'escalate_approval',
  'remind_approval',
  'time_out_approval',
]);

const secondsUntil = (instant: string): number =>
  Math.max(1, Math.ceil((Date.parse(instant) - Date.now()) / 1_000));

const waitOf = ({ available_at, resets_at = available_at }: Rejection): Pick<ProblemFacts, 'retry_after'> =>
  resets_at === undefined ? {} : { retry_after: secondsUntil(resets_at) };

const quotaOf = ({
  limit,
  used,
  resets_at,
}: Rejection): Pick<ProblemFacts, 'limit' | 'used' | 'resets_at'> => ({
  ...(limit !== undefined && { limit }),
  ...(used !== undefined && { used }),
  ...(resets_at !== undefined && { resets_at }),
});

/** The domain's refusal as the edge's error. */
export const refused = (rejection: Rejection): ProblemError => {
  const { code, detail, allowed, status, field, errors, claimed_by, revision } = rejection;
  return new ProblemError(code, detail, {
    ...waitOf(rejection),
    ...quotaOf(rejection),
    ...(field !== undefined && { field }),
    ...(errors && { errors }),
    ...(allowed && { allowed: allowed.filter((command) => !internal.has(command)) }),
    ...(status !== undefined && { packet_status: status }),
    ...(claimed_by !== undefined && { claimed_by }),
    ...(revision !== undefined && { revision }),
  });
};
