import {
  type BodyClass,
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketsBody,
  type JsonSchema,
  PacketDocumentBody,
  ReasonsBody,
} from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { packetId } from '../openapi/examples.js';
import { problemExamples } from '../openapi/problem-responses.js';
import { FilteredBatches } from './filtered-batches.js';
import { PacketBatches } from './packet-batches.js';

const failed = (done: string) => ({
  ...(done === 'created' ? { index: 0 } : { packet_id: packetId }),
  error: problemExamples(['validation_failed'])['validation_failed']?.value,
});

/** What the answer says beside, when a filter chose the packets. */
const chosen = {
  packet_ids: {
    type: 'array',
    items: { type: 'string' },
    description: 'What the filter chose, oldest first.',
  },
  matched: { type: 'integer', description: 'How many packets the filter matches.' },
  matched_capped: { type: 'boolean', description: 'There are more than were counted.' },
  dry_run: { type: 'boolean', description: 'Nothing was done.' },
} satisfies JsonSchema['properties'];

interface BatchFacts {
  body: BodyClass;
  done: string;
  summary: string;
  /** A filter may choose the packets. */
  filtered?: true;
}

const byItem = 'Each item succeeds or fails by itself; an error names the item and its problem.';
const byFilter =
  'Instead of `packet_ids` a `filter` chooses, oldest first and `limit` at most; `dry_run` only tells which. ' +
  'A request with an `Idempotency-Key` that is sent again is for the packets of the first one.';

const Batch = (access: 'agent' | 'writer', { body, done, summary, filtered }: BatchFacts) =>
  Operation({
    access,
    summary,
    description: filtered ? `${byItem}\n\n${byFilter}` : byItem,
    tag: 'batches',
    body,
    idempotent: true,
    batch: true,
    ...(filtered && { stale: true }),
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
          ...(filtered && chosen),
        },
      },
    },
  });

/** Many packets in one request. */
@Controller('api/v1/packets/batch')
export class BatchesController {
  constructor(
    @Inject(PacketBatches) private readonly batches: PacketBatches,
    @Inject(FilteredBatches) private readonly filtered: FilteredBatches,
  ) {}

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
  @Batch('writer', { body: ReasonsBody, done: 'retried', summary: 'Retry up to 500 packets', filtered: true })
  retry(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.filtered.run('retry', request, reply);
  }

  @Post('cancel')
  @Batch('writer', {
    body: ReasonsBody,
    done: 'cancelled',
    summary: 'Cancel up to 500 packets',
    filtered: true,
  })
  cancel(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.filtered.run('cancel', request, reply);
  }
}
