import { CreateKeyBody, PageQuery } from '#libs/contracts';
import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { KeyUses } from './key-uses.js';
import { keyPage, sendMadeKey } from './key-view.js';
import { Keys } from './keys.js';

const tag = 'control';

const idOf = ({ params }: ApiRequest): string => (params as { id: string }).id.toLowerCase();

/** The API keys of a tenant. */
@Controller('api/v1/keys')
export class KeysController {
  constructor(
    @Inject(Keys) private readonly keys: Keys,
    @Inject(KeyUses) private readonly uses: KeyUses,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post()
  @Operation({
    access: 'admin',
    summary: 'Make an API key',
    description:
      'The answer holds the key itself, once: it is stored as a digest only. A repeated request with the same ' +
      'Idempotency-Key answers with `"key": null`.',
    tag,
    body: CreateKeyBody,
    idempotent: true,
    answer: { status: 201, schema: { $ref: '#/$defs/MadeKeyDocument' }, description: 'The key, shown once.' },
  })
  async createKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const answer = await this.running.once(request, repeatable, () =>
      this.keys.create(principalOf(request), checked(CreateKeyBody, value), repeatable),
    );
    sendMadeKey(reply, this.uses, answer);
  }

  @Get()
  @Operation({
    access: 'admin',
    summary: 'List the API keys',
    description: 'Newest first; of each key only the first 11 characters.',
    tag,
    query: PageQuery,
    answer: { status: 200, schema: { $ref: '#/$defs/KeyListDocument' }, description: 'A page of keys.' },
  })
  listKeys(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const { tenant_id } = principalOf(request);
    sendJson(reply, 200, keyPage(this.uses, this.keys.of(tenant_id), queryOf(PageQuery, request)));
  }

  @Delete(':id')
  @Operation({
    access: 'admin',
    summary: 'Revoke an API key',
    description: 'It stops working on every gateway within a second.',
    tag,
    answer: { status: 204, schema: null, description: 'It is revoked.' },
    problems: ['last_admin_key'],
  })
  async revokeKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    await this.keys.revoke(principalOf(request), idOf(request));
    sendNothing(reply);
  }
}
