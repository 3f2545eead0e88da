import { Edges } from '#libs/agents';
import { NoQuery, SetEdgesBody } from '#libs/contracts';
import { Controller, Get, Inject, Put, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';

const tag = 'routing';
const answer = {
  status: 200,
  schema: { $ref: '#/$defs/EdgesDocument' },
  description: 'The handoffs that are allowed; null when all are.',
} as const;

/** Who may hand to whom. */
@Controller('api/v1/routing/edges')
export class EdgesController {
  constructor(@Inject(Edges) private readonly edges: Edges) {}

  @Put()
  @Operation({
    access: 'admin',
    summary: 'Set the allowed handoffs',
    description:
      'Replaces them all. A handoff to a named target that is not among them is refused with `edge_not_allowed`, ' +
      'and routing passes over such targets. Packets that exist stay as they are.',
    tag,
    body: SetEdgesBody,
    answer,
  })
  async put(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const { edges } = checked(SetEdgesBody, jsonOf(request));
    sendJson(reply, 200, await this.edges.put(principalOf(request).tenant_id, edges ?? null));
  }

  @Get()
  @Operation({
    access: 'reader',
    summary: 'Get the allowed handoffs',
    tag,
    query: NoQuery,
    answer,
  })
  get(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    queryOf(NoQuery, request);
    const set = this.edges.get(principalOf(request).tenant_id);
    sendJson(reply, 200, set ?? { edges: null, updated_at: null });
  }
}
