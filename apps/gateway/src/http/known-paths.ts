import type { ApiReply, ApiRequest } from './call.js';
import { notFound, ProblemError } from './problem-error.js';

const patternOf = (url: string): RegExp => new RegExp(`^${url.replaceAll(/:[^/]+/g, '[^/]+')}/?$`);

/** Which methods each path has, to tell a wrong method from a wrong path. */
export class KnownPaths {
  readonly #methods = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(method: string | string[], url: string): void {
    const known = this.#methods.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    [method].flat().forEach((name) => known.methods.add(name));
    this.#methods.set(url, known);
  }

  /** The error for a request that no route took. */
  refusal(request: ApiRequest, reply: ApiReply): ProblemError {
    const path = request.url.split('?', 1)[0] ?? '';
    const matching = [...this.#methods.values()].filter(({ pattern }) => pattern.test(path));
    const methods = [...new Set(matching.flatMap((known) => [...known.methods]))].sort();
    if (methods.length === 0) return notFound('path');
    void reply.header('allow', methods.join(', '));
    return new ProblemError('method_not_allowed', `Use ${methods.join(', ')} on this path.`);
  }
}
