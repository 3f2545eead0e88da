import { FeedQuery } from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import { LOGGER, type Logger } from '#libs/service-kit';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { ProblemError } from '../http/problem-error.js';
import { feedRequestOf } from './feed-requests.js';
import { FeedSessions } from './feed-sessions.js';
import { endRequest } from './request-end.js';
import { upgradeOf } from './upgrades.js';
import { watchHeartbeat } from './ws-heartbeat.js';
import { answerMessage } from './ws-messages.js';
import { WsStream } from './ws-stream.js';

/** A client says little. */
const maxPayload = 16 * 1024;

const description =
  'The events of `GET /api/v1/events` over a WebSocket. The server begins with `{"type": "connected", ' +
  '"connection_id", "position"}`; the client may send `{"action": "subscribe" | "unsubscribe", "channel"}`, ' +
  '`{"action": "resume", "cursor"}` and `{"action": "ping"}`, and is answered with `subscribed`, ' +
  '`unsubscribed`, `resumed`, `pong` or `error`. The `position` of each event is a cursor. Close codes: 4001 ' +
  'the key was revoked, 4002 it expired, 4003 its tenant has too many streams, 4008 the reader was too slow, 1001 the gateway stops.';

/** What the hooks have to say with the answer, whatever it is. */
const linesOf = (reply: ApiReply): string[] =>
  Object.entries(reply.getHeaders()).map(([name, value]) => `${name}: ${String(value)}`);

/** What happens, as it happens, over a WebSocket. */
@Controller('api/v1/ws')
export class WsController {
  readonly #server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload });

  constructor(
    @Inject(FeedSessions) private readonly sessions: FeedSessions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @Operation({
    access: 'reader',
    keyInQuery: true,
    tag: 'feeds',
    summary: 'Follow events over a WebSocket',
    description,
    query: FeedQuery,
    answer: { status: 101, schema: null, description: 'The connection is a WebSocket now.' },
    problems: ['upgrade_required', 'too_many_streams'],
  })
  async open(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const asked = feedRequestOf(request);
    const upgrade = upgradeOf(request.raw);
    if (upgrade === undefined)
      throw new ProblemError('upgrade_required', 'Open this path with a WebSocket client.');
    const { tenant_id } = principalOf(request);
    const entry = await this.sessions.enter(tenant_id, asked.cursor);
    const { socket, head, take } = upgrade;
    // Where the handshake fails there is no session that would let go.
    socket.once('close', entry.leave);
    if (socket.destroyed) return entry.leave();
    reply.hijack();
    take();
    const tell = (lines: string[]): void => void lines.push(...linesOf(reply));
    // It is called before handleUpgrade returns, or never.
    this.#server.once('headers', tell);
    this.#server.handleUpgrade(request.raw, socket, head, (client) => {
      socket.off('close', entry.leave);
      this.#converse(client, tenant_id, { entry, ...asked });
      void reply.code(101);
      client.once('close', () => endRequest(request, reply, this.logger));
    });
    this.#server.off('headers', tell);
  }

  #converse(client: WebSocket, tenant: TenantId, opened: Parameters<FeedSessions['begin']>[1]): void {
    const { sessions } = this;
    const stream = new WsStream(client);
    // What is wrong with the protocol closes the connection by itself.
    client.on('error', () => undefined);
    const session = sessions.begin(stream, opened);
    watchHeartbeat(client, () => session.checkPulse());
    const conversation = { stream, session, sessions, tenant };
    client.on('message', (data) => void answerMessage(conversation, String(data)));
  }
}
