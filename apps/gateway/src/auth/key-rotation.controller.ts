import { RotateKeyBody } from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { KeyRotation } from './key-rotation.js';
import { KeyUses } from './key-uses.js';
import { sendMadeKey } from './key-view.js';

const tag = 'control';

/** Replaces keys. */
@Controller('api/v1/keys')
export class KeyRotationController {
  constructor(
    @Inject(KeyRotation) private readonly rotation: KeyRotation,
    @Inject(KeyUses) private readonly uses: KeyUses,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post(':id/rotate')
  @Operation({
    access: 'admin',
    summary: 'Rotate an API key',
    description:
      'Makes a new key that may do the same, with an id of its own, and ends the old one: at once, or after the ' +
      'grace, in which both work. A time at which the key ends stays. Only one rotation of a key succeeds; a ' +
      'repeated request with the same Idempotency-Key answers with `"key": null`.',
    tag,
    body: RotateKeyBody,
    bodyOptional: true,
    idempotent: true,
    answer: {
      status: 201,
      schema: { $ref: '#/$defs/MadeKeyDocument' },
      description: 'The new key, shown once.',
    },
    problems: ['key_not_current'],
  })
  async rotateKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const body = checked(RotateKeyBody, value);
    const { id } = request.params as { id: string };
    const answer = await this.running.once(request, repeatable, () =>
      this.rotation.rotate(id.toLowerCase(), body, { principal: principalOf(request), repeatable }),
    );
    sendMadeKey(reply, this.uses, answer);
  }
}
