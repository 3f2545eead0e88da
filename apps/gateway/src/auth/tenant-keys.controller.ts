import { PageQuery } from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { KeyUses } from './key-uses.js';
import { keyPage } from './key-view.js';
import { Keys } from './keys.js';
import { Tenants } from './tenants.js';

const tag = 'control';

/** The keys of any tenant, for the platform's own admins. */
@Controller('api/v1/tenants')
export class TenantKeysController {
  constructor(
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(Keys) private readonly keys: Keys,
    @Inject(KeyUses) private readonly uses: KeyUses,
  ) {}

  @Get(':id/keys')
  @Operation({
    access: 'platform',
    summary: 'List the API keys of a tenant',
    description: 'Newest first; of each key only the first 11 characters.',
    tag,
    query: PageQuery,
    answer: { status: 200, schema: { $ref: '#/$defs/KeyListDocument' }, description: 'A page of keys.' },
  })
  listTenantKeys(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const { id } = this.tenants.find((request.params as { id: string }).id);
    sendJson(reply, 200, keyPage(this.uses, this.keys.of(id), queryOf(PageQuery, request)));
  }
}
