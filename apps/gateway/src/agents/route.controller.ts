import { AgentRouter, Edges } from '#libs/agents';
import { PreviewRouteBody } from '#libs/contracts';
import { instantAt, normalizeNewPacket, type PacketMetadata, routableOf, type TenantId } from '#libs/packet';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { ProblemError } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';

/** To whom packets would go. */
@Controller('api/v1/route')
export class RouteController {
  constructor(
    @Inject(AgentRouter) private readonly router: AgentRouter,
    @Inject(Edges) private readonly edges: Edges,
  ) {}

  @Post()
  @Operation({
    access: 'agent',
    summary: 'Ask to whom a packet would go',
    description:
      'A dry run with the parts of a create body that the router looks at: the same decision as a create would ' +
      'come to now, with its candidates and reasons. Nothing is written.',
    tag: 'routing',
    body: PreviewRouteBody,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/RoutePreviewDocument' },
      description: 'The decision; `target` is null when nobody may have the packet now.',
    },
    problems: ['edge_not_allowed'],
  })
  async preview(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const packet = normalizeNewPacket(checked(PreviewRouteBody, jsonOf(request)), {
      now: instantAt(Date.now()),
    });
    const { tenant_id } = principalOf(request);
    const named = this.#named(tenant_id, packet.content.metadata);
    const decision = named ?? (await this.router.preview(tenant_id, routableOf(packet)));
    const answer = 'unrouted' in decision ? { target: null, reason: decision.unrouted } : decision;
    sendJson(reply, 200, answer);
  }

  /** A packet that names its target is not routed; it may still be a handoff that is not allowed. */
  #named(tenant: TenantId, { source_agent, target_agent: target }: PacketMetadata) {
    if (target === undefined) return undefined;
    if (this.edges.allows(tenant, source_agent.id, target.id))
      return { target, candidates: [], strategy: 'named', confidence: 1 };
    const detail = `"${source_agent.id}" may not hand to "${target.id}": name another target, or none.`;
    throw new ProblemError('edge_not_allowed', detail, { field: 'metadata.target_agent.id' });
  }
}
