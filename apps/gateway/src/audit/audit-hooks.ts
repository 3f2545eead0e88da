import type { Logger } from '#libs/service-kit';
import type { FastifyInstance } from 'fastify';
import type { ApiRequest } from '../http/call.js';
import { isRecorded } from './recorded.js';
import type { Recorder } from './recorder.js';

export interface AuditHookOptions {
  recorder: Recorder;
  logger: Logger;
  /** Whether anybody may sign up: otherwise nobody's attempts are written down. */
  isSignUpOpen: boolean;
}

const isChange = ({ method, routeOptions, call }: ApiRequest, isSignUpOpen: boolean): boolean => {
  const { operation } = routeOptions.config;
  if (operation === undefined || !isRecorded(method, operation)) return false;
  return call.principal !== undefined || isSignUpOpen;
};

/** Writes the audit around every route, whatever it does and whenever it is added. Install behind the hooks of access. */
export const installAudit = (
  instance: FastifyInstance,
  { recorder, logger, isSignUpOpen }: AuditHookOptions,
): void => {
  instance.addHook('preHandler', (request, _reply, done) => {
    if (!isChange(request, isSignUpOpen)) return done();
    recorder.begin(request).then(() => done(), done);
  });
  instance.addHook('onSend', (request, reply, ...[payload, done]) => {
    const { attempt } = request.call;
    if (attempt === undefined) return done(null, payload);
    recorder.end(attempt, reply, payload).then(() => done(null, payload), done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    done();
    const { attempt, refusal } = request.call;
    if (attempt !== undefined || refusal === undefined) return;
    try {
      recorder.deny(request, reply.statusCode);
    } catch (error) {
      logger.warn({ err: error }, 'a refused attempt is not in the audit');
    }
  });
};
