import { ChangeKeyBody } from '#libs/contracts';
import { Controller, Inject, Patch, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { KeyChanges } from './key-changes.js';
import { KeyUses } from './key-uses.js';
import { keyDocument } from './key-view.js';

/** Changes keys. */
@Controller('api/v1/keys')
export class KeyChangesController {
  constructor(
    @Inject(KeyChanges) private readonly changes: KeyChanges,
    @Inject(KeyUses) private readonly uses: KeyUses,
  ) {}

  @Patch(':id')
  @Operation({
    access: 'admin',
    summary: 'Change an API key',
    description:
      'What is left out stays; null takes channels or expires_at away. It holds on every gateway within a second. ' +
      'Only a live key can be changed, and the last admin key of a tenant stays one and lives as long as it does.',
    tag: 'control',
    body: ChangeKeyBody,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/KeyDocument' },
      description: 'The key as it is now.',
    },
    problems: ['last_admin_key', 'key_not_current'],
  })
  async changeKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const body = checked(ChangeKeyBody, value);
    const { id } = request.params as { id: string };
    const record = await this.changes.change(principalOf(request), id.toLowerCase(), { body, value });
    sendJson(reply, 200, keyDocument(this.uses, record));
  }
}
