import { FeedQuery } from '#libs/contracts';
import { LOGGER, type Logger } from '#libs/service-kit';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { feedRequestOf } from './feed-requests.js';
import { FeedSessions } from './feed-sessions.js';
import { endRequest } from './request-end.js';
import { SseStream } from './sse-stream.js';

const eventStream = 'text/event-stream; charset=utf-8';
/** Proxies close what is silent for a minute. */
const pingMs = 25_000;

const description =
  'Server-sent events: `connected`, then each event of the tenant once the read models hold it, and a `ping` ' +
  'every 25 seconds. The `id` of each is a cursor; with it as `Last-Event-ID` (browsers send it by themselves) ' +
  'the stream goes on without a gap or a duplicate, on any gateway. Where it cannot, an event `gap` says so. ' +
  'The stream ends within a second when the key is revoked or expires, and when its reader does not take what ' +
  'is sent.';

const example = [
  'id: 0-1z3\nevent: connected\ndata: {"type":"connected","connection_id":"7f6f…","position":"0-1z3"}\n\n',
  'id: 0-1z4\nevent: packet.claimed\ndata: {"type":"packet.claimed","packet_id":"019ab2f4-…","position":"0-1z4",…}\n\n',
].join('');

/** What happens, as it happens, over HTTP. */
@Controller('api/v1/events')
export class EventsController {
  constructor(
    @Inject(FeedSessions) private readonly sessions: FeedSessions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @Operation({
    access: 'reader',
    keyInQuery: true,
    tag: 'feeds',
    summary: 'Follow events as they happen',
    description,
    query: FeedQuery,
    answer: {
      status: 200,
      type: 'text/event-stream',
      schema: { type: 'string' },
      description: 'The stream.',
      example,
    },
    problems: ['too_many_streams'],
  })
  async follow(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const asked = feedRequestOf(request);
    if (request.method === 'HEAD') return void reply.type(eventStream).send();
    const entry = await this.sessions.enter(principalOf(request).tenant_id, asked.cursor);
    if (reply.raw.destroyed) return entry.leave();
    request.call.waits = true;
    reply.hijack();
    const stream = new SseStream(reply.raw);
    stream.begin(reply.getHeaders());
    const session = this.sessions.begin(stream, { entry, ...asked });
    const pings = setInterval(() => {
      stream.tell('ping', { timestamp: new Date().toISOString() }, session.cursor);
      session.checkPulse();
    }, pingMs);
    void session.ended.then(() => {
      clearInterval(pings);
      endRequest(request, reply, this.logger);
    });
  }
}
