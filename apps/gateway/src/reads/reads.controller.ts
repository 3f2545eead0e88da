import {
  NoQuery,
  PacketDocumentBody,
  PacketListQuery,
  PacketQuery,
  PacketSearchQuery,
  PageQuery,
} from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { Freshness } from './freshness.js';
import { queryOf } from './list-filter.js';
import { PacketReads } from './packet-reads.js';
import { TenantStats } from './tenant-stats.js';

const tag = 'packets';
const access = 'reader';
const answer = (name: string, description: string) =>
  ({ status: 200, schema: { $ref: `#/$defs/${name}` }, description }) as const;

/** Read packets, and count them. */
@Controller('api/v1')
export class ReadsController {
  constructor(
    @Inject(PacketReads) private readonly reads: PacketReads,
    @Inject(TenantStats) private readonly figures: TenantStats,
    @Inject(Freshness) private readonly freshness: Freshness,
  ) {}

  @Get('packets')
  @Operation({
    access,
    summary: 'List packets',
    description:
      'Newest first unless another order is asked for. A cursor stays stable while packets come in.',
    tag,
    query: PacketListQuery,
    stale: true,
    answer: answer('PacketListDocument', 'A page of packets; `total` is for the whole filter.'),
  })
  list(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.list(request, reply);
  }

  @Get('packets/search')
  @Operation({
    access,
    summary: 'Search packets',
    description:
      'Full text over summary, conversation, decisions, actions, tags and the text of artifacts; best first. ' +
      'Any input is safe. `highlights` are HTML-escaped, with the matches in `<mark>`.',
    tag,
    query: PacketSearchQuery,
    stale: true,
    answer: answer('PacketSearchDocument', 'A page of packets with their highlights.'),
  })
  search(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.search(request, reply);
  }

  @Get('packets/awaiting')
  @Operation({
    access,
    summary: 'List packets that wait for a person',
    tag,
    query: PageQuery,
    stale: true,
    answer: answer('PacketListDocument', 'A page of packets, oldest first.'),
  })
  awaiting(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.awaiting(request, reply);
  }

  @Get('packets/:id')
  @Operation({
    access,
    summary: 'Get a packet',
    description: 'Always current. With If-None-Match it answers 304 while the revision is the same.',
    tag,
    query: PacketQuery,
    answer: answer(PacketDocumentBody.name, 'The packet.'),
  })
  get(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.get(request, reply);
  }

  @Get('packets/:id/history')
  @Operation({
    access,
    summary: 'Get the history of a packet',
    tag,
    query: PageQuery,
    stale: true,
    answer: answer('HistoryDocument', 'A page of its events, oldest first.'),
  })
  history(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.history(request, reply);
  }

  @Get('packets/:id/lineage')
  @Operation({
    access,
    summary: 'Get the chain of a packet',
    description: 'The whole chain as a tree, and the way to this packet and from it.',
    tag,
    query: NoQuery,
    stale: true,
    answer: answer('LineageDocument', 'The chain.'),
  })
  lineage(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.reads.lineage(request, reply);
  }

  @Get('stats')
  @Operation({
    access,
    summary: 'Get statistics',
    description: 'From counters, whatever the number of packets.',
    tag: 'system',
    query: NoQuery,
    stale: true,
    answer: answer(
      'StatsDocument',
      'Counts by status, what waits for work, people and webhooks, live streams, the last 24 hours, times to ' +
        'claim, to complete and to decide.',
    ),
  })
  async stats(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    queryOf(NoQuery, request);
    await this.freshness.await(request, reply);
    const { tenant_id } = principalOf(request);
    sendJson(reply, 200, await this.figures.of(tenant_id));
  }
}
