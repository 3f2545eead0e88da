import { ChainPacketBody, CreatePacketBody, PacketDocumentBody, UpdatePacketBody } from '#libs/contracts';
import { Controller, Delete, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { PacketCommands } from './packet-commands.js';

const tag = 'packets';
const idempotent = true;
const conditional = true;
const packet = { $ref: `#/$defs/${PacketDocumentBody.name}` };

/** Begin, change and end packets. */
@Controller('api/v1/packets')
export class PacketsController {
  constructor(@Inject(PacketCommands) private readonly commands: PacketCommands) {}

  @Post()
  @Operation({
    access: 'writer',
    summary: 'Create a packet',
    tag,
    body: CreatePacketBody,
    idempotent,
    answer: { status: 201, schema: packet, description: 'The packet, created or waiting for a person.' },
    problems: ['chain_too_deep', 'edge_not_allowed', 'packet_too_large', 'daily_limit_reached'],
  })
  create(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.create(request, reply);
  }

  @Post(':id/chain')
  @Operation({
    access: 'writer',
    summary: 'Hand a packet on',
    description: 'Makes a child that carries the context forward; the parent stays as it is.',
    tag,
    body: ChainPacketBody,
    idempotent,
    conditional,
    answer: { status: 201, schema: packet, description: 'The child.' },
    problems: [
      'awaiting_human',
      'chain_too_deep',
      'packet_too_large',
      'daily_limit_reached',
      'not_the_claimant',
      'not_the_source',
      'edge_not_allowed',
    ],
  })
  chain(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.chain(request, reply);
  }

  @Patch(':id')
  @Operation({
    access: 'agent',
    summary: 'Update the content of a packet',
    description:
      'The context follows JSON Merge Patch, the lists merge by id. `status` is short for start, complete, ' +
      'fail or request-approval: content of the same request is recorded first, and stays when the status is then refused.',
    tag,
    body: UpdatePacketBody,
    conditional,
    idempotent,
    answer: { status: 200, schema: packet, description: 'The packet as it is now.' },
    problems: ['invalid_transition', 'awaiting_human', 'packet_too_large', 'not_the_claimant', 'stale_claim'],
  })
  update(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.update(request, reply);
  }

  @Delete(':id')
  @Operation({
    access: 'writer',
    summary: 'Cancel a packet',
    tag,
    conditional,
    answer: { status: 204, schema: null, description: 'It is cancelled.' },
    problems: ['invalid_transition', 'not_the_source'],
  })
  cancel(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.delete(request, reply);
  }
}
