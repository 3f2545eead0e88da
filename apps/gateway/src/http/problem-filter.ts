import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { ApiReply, ApiRequest } from './call.js';
import type { KnownPaths } from './known-paths.js';
import { sendProblem } from './problems.js';

/** The one place where an error becomes an answer, whoever threw it: a route, a hook, Fastify or Nest. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly paths: KnownPaths) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    const reply = http.getResponse<ApiReply>();
    // Nest tells an unknown route by this error; ours are ProblemErrors.
    const told = error instanceof NotFoundException ? this.paths.refusal(request, reply) : error;
    sendProblem(request, reply, told);
  }
}
