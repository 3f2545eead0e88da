import { LogUnavailable } from '#libs/event-log';
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from './call.js';
import { faulty, refused } from './problem-error.js';
import { problemOf, toProblemError } from './problems.js';

const request = {
  url: '/api/v1/packets?token=hr_secret',
  call: { span: { traceId: '7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b' } },
} as unknown as ApiRequest;

describe('a problem document', () => {
  it('tells nothing of a fault on our side but its trace', () => {
    const document = problemOf(toProblemError(new Error('password=hunter2')), request);
    expect(document).toMatchObject({ status: 500, code: 'internal', trace_id: request.call.span.traceId });
    expect(JSON.stringify(document)).not.toMatch(/hunter2|secret/);
  });

  it('is 503 with a time to wait when the log is away', () => {
    const document = problemOf(toProblemError(new LogUnavailable('gone')), request);
    expect(document).toMatchObject({ status: 503, code: 'unavailable', retry_after: 1 });
  });

  it('promises nothing of waiting when a service has a bug', () => {
    const fault = { outcome: 'fault', detail: 'Something failed.' } as const;
    const internal = problemOf(faulty({ ...fault, code: 'internal' }), request);
    expect(internal).toMatchObject({ status: 500, code: 'internal', trace_id: request.call.span.traceId });
    expect(internal).not.toHaveProperty('retry_after');
    const contended = problemOf(faulty({ ...fault, code: 'contended' }), request);
    expect(contended).toMatchObject({ status: 503, code: 'contended', retry_after: 1 });
  });

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'payload_too_large'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported_media_type'],
    ['FST_ERR_BAD_URL', 'not_found'],
    ['FST_ERR_MAX_PARAM_LENGTH', 'not_found'],
    ['FST_ERR_SOMETHING_ELSE', 'bad_request'],
  ])('says what %s means', (code, expected) => {
    const error = Object.assign(new Error('x'), { code, statusCode: 400 });
    expect(toProblemError(error).code).toBe(expected);
  });

  it('carries what the domain says, and advises no command that only the rail sends', () => {
    const error = refused({
      code: 'invalid_transition',
      detail: 'No.',
      status: 'failed',
      allowed: ['retry', 'expire', 'lose_claim', 'chain'],
    });
    expect(problemOf(error, request)).toMatchObject({
      status: 409,
      packet_status: 'failed',
      allowed: ['retry', 'chain'],
      instance: '/api/v1/packets',
    });
  });
});
