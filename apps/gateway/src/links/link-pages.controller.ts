import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type Config, CONFIG } from '#libs/service-kit';
import { type ApiReply, type ApiRequest, headerOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { answerFields, answerOf, enteredIn } from './answer-form.js';
import { decisionPage, type Question, recordedPage, unsure } from './decision-page.js';
import { LinkAnswers } from './link-answers.js';
import { LinkVisits, type OpenVisit } from './link-visits.js';
import { noticeOf } from './notices.js';
import { type Page, sendPage } from './page.js';

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** The pages behind one-time links: for people, without a key, a script or a cookie. */
@Controller('a/:token')
export class LinkPagesController {
  constructor(
    @Inject(LinkVisits) private readonly visits: LinkVisits,
    @Inject(LinkAnswers) private readonly answers: LinkAnswers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Operation({
    access: 'public',
    tag: 'approvals',
    summary: 'Open a one-time link',
    description:
      'A page for people: the packet, the question and the choices. Opening it decides nothing, however often ' +
      'it is done. A link that was used, revoked or has expired, and a question that is over, say so (409, 410).',
    page: true,
    answer: { status: 200, schema: { type: 'string' }, description: 'The page.', type: 'text/html' },
  })
  async openLink(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    sendPage(reply, await this.#pageOf(request, (visit) => Promise.resolve(decisionPage(visit))));
  }

  @Post()
  @Operation({
    access: 'public',
    tag: 'approvals',
    summary: 'Answer by a one-time link',
    description:
      'What the form of that page sends: `choice`, or `choice=own` with `own`; `notes`; `answer` as JSON. Votes ' +
      'as the approver of the link, once. A form on another site is refused (403).',
    page: true,
    form: answerFields,
    answer: { status: 200, schema: { type: 'string' }, description: 'What was recorded.', type: 'text/html' },
  })
  async answerLink(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    if (!this.#isOwnForm(request)) return sendPage(reply, noticeOf({ kind: 'foreign' }));
    sendPage(reply, await this.#pageOf(request, (visit) => this.#answer(request, visit)));
  }

  async #pageOf(request: ApiRequest, make: (visit: OpenVisit) => Promise<Page>): Promise<Page> {
    try {
      const visit = await this.visits.open((request.params as { token: string }).token);
      return 'ending' in visit ? noticeOf(visit.ending) : await make(visit);
    } catch (error) {
      request.call.fault = error;
      return noticeOf({ kind: 'unavailable' });
    }
  }

  async #answer(request: ApiRequest, visit: OpenVisit): Promise<Page> {
    const entered = enteredIn(request.body);
    const question: Question = { ...visit, entered };
    request.call.packetId = visit.packet.id;
    const { link, packet } = visit;
    const answer = answerOf(entered, packet.approval, link.name ?? link.approver);
    if ('errors' in answer) return decisionPage({ ...question, errors: answer.errors, status: 422 });
    const { traceparent } = request.call.span;
    const recorded = await this.answers.cast(link, { body: answer.body, traceparent });
    switch (recorded.kind) {
      case 'recorded':
        return recordedPage(answer.body.response, recorded.state);
      case 'ended':
        return noticeOf(recorded.ending);
      case 'refused':
        return decisionPage({ ...question, errors: recorded.errors, status: recorded.status });
      case 'unsure':
        return decisionPage({ ...question, errors: unsure, status: 503 });
    }
  }

  // A page that must not tell where it was opened from says its origin is "null", so that cannot be asked for.
  #isOwnForm(request: ApiRequest): boolean {
    const site = headerOf(request, 'sec-fetch-site');
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    const origin = headerOf(request, 'origin');
    if (origin === undefined || origin === 'null') return true;
    return [request.host, hostOf(this.config.publicUrl ?? '')].includes(hostOf(origin));
  }
}
