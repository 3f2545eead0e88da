import {
  type BodyClass,
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketsBody,
  PacketDocumentBody,
  ReasonsBody,
} from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { packetId } from '../openapi/examples.js';
import { problemExamples } from '../openapi/problem-responses.js';
import { PacketBatches } from './packet-batches.js';

const failed = (done: string) => ({
  ...(done === 'created' ? { index: 0 } : { packet_id: packetId }),
  error: problemExamples(['validation_failed'])['validation_failed']?.value,
});

const Batch = (
  access: 'agent' | 'writer',
  { body, done, summary }: { body: BodyClass; done: string; summary: string },
) =>
  Operation({
    access,
    summary,
    description: 'Each item succeeds or fails by itself; an error names the item and its problem.',
    tag: 'batches',
    body,
    idempotent: true,
    batch: true,
    answer: {
      status: done === 'created' ? 201 : 200,
      description: `The packets that were ${done}, and what went wrong with the others.`,
      example: { [done]: [], errors: [failed(done)] },
      schema: {
        type: 'object',
        required: [done, 'errors'],
        properties: {
          [done]: { type: 'array', items: { $ref: `#/$defs/${PacketDocumentBody.name}` } },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              required: ['error'],
              properties: {
                ...(done === 'created' ? { index: { type: 'integer' } } : { packet_id: { type: 'string' } }),
                error: { $ref: '#/$defs/ProblemDocument' },
              },
            },
          },
        },
      },
    },
  });

/** Many packets in one request. */
@Controller('api/v1/packets/batch')
export class BatchesController {
  constructor(@Inject(PacketBatches) private readonly batches: PacketBatches) {}

  @Post()
  @Batch('writer', { body: CreatePacketsBody, done: 'created', summary: 'Create up to 500 packets' })
  create(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.batches.create(request, reply);
  }

  @Post('claim')
  @Batch('agent', { body: ClaimPacketsBody, done: 'claimed', summary: 'Claim up to 500 packets' })
  claim(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.batches.run('claim', request, reply);
  }

  @Post('complete')
  @Batch('agent', { body: CompletePacketsBody, done: 'completed', summary: 'Complete up to 500 packets' })
  complete(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.batches.run('complete', request, reply);
  }

  @Post('retry')
  @Batch('writer', { body: ReasonsBody, done: 'retried', summary: 'Retry up to 500 packets' })
  retry(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.batches.run('retry', request, reply);
  }

  @Post('cancel')
  @Batch('writer', { body: ReasonsBody, done: 'cancelled', summary: 'Cancel up to 500 packets' })
  cancel(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.batches.run('cancel', request, reply);
  }
}
