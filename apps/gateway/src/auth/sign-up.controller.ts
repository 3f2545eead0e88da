import { SignUpBody } from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { KeyUses } from './key-uses.js';
import { keyDocument } from './key-view.js';
import { SignUps } from './sign-ups.js';
import { tenantDocument } from './tenants.js';

/** How somebody without a key gets a tenant, where the operator allows it. */
@Controller('api/signup')
export class SignUpController {
  constructor(
    @Inject(SignUps) private readonly signUps: SignUps,
    @Inject(KeyUses) private readonly uses: KeyUses,
  ) {}

  @Post()
  @Operation({
    access: 'public',
    summary: 'Sign up',
    description:
      'Makes a tenant of tier `free` with an admin key, where the operator has set `HR_SIGNUP=open`.',
    tag: 'control',
    body: SignUpBody,
    answer: {
      status: 201,
      schema: { $ref: '#/$defs/SignedUpDocument' },
      description: 'The tenant, and its key, shown once.',
    },
    problems: ['forbidden', 'already_exists', 'unavailable'],
  })
  async signUp(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    this.signUps.checkOpen();
    const { tenant, made } = await this.signUps.make(checked(SignUpBody, jsonOf(request)));
    sendJson(reply, 201, {
      tenant: tenantDocument(tenant),
      key: { ...keyDocument(this.uses, made.record), key: made.key },
    });
  }
}
