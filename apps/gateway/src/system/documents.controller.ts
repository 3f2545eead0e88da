import { packetSchema } from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { notFound } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { asyncApi } from '../openapi/asyncapi.js';
import { explorerAsset, explorerPage } from '../openapi/explorer.js';
import { openApi } from '../openapi/openapi.js';
import { type Route, ROUTES } from '../openapi/routes.js';

const tag = 'system';
const access = 'public';
const document = (description: string) => ({ status: 200, schema: { type: 'object' }, description }) as const;

/** Makes a document at its first reading, and keeps it. */
const once = (make: () => object): (() => object) => {
  let made: object | undefined;
  return () => (made ??= make());
};

/** The API's description of itself. */
@Controller()
export class DocumentsController {
  readonly #openApi = once(() => openApi(this.routes));
  readonly #asyncApi = once(asyncApi);
  readonly #packetSchema = once(packetSchema);

  constructor(@Inject(ROUTES) private readonly routes: readonly Route[]) {}

  @Get('openapi.json')
  @Operation({ access, summary: 'Get the OpenAPI 3.1 document', tag, answer: document('The document.') })
  openApi(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, this.#openApi());
  }

  @Get('asyncapi.json')
  @Operation({
    access,
    summary: 'Get the AsyncAPI 3 document of the NATS subjects',
    tag,
    answer: document('The document.'),
  })
  asyncApi(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, this.#asyncApi());
  }

  @Get('schemas/packet/v1.json')
  @Operation({ access, summary: 'Get the JSON Schema of a packet', tag, answer: document('The schema.') })
  packetSchema(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, this.#packetSchema());
  }

  @Get('docs')
  @Operation({
    access,
    summary: 'Open the API explorer',
    tag,
    answer: { status: 200, schema: { type: 'string' }, description: 'A page.', type: 'text/html' },
  })
  explorer(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    void reply.type('text/html; charset=utf-8').send(explorerPage);
  }

  @Get('docs/:file')
  @Operation({
    access,
    summary: 'Get a file of the API explorer',
    tag,
    answer: { status: 200, schema: { type: 'string' }, description: 'The file.', type: 'text/plain' },
  })
  explorerFile(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const asset = explorerAsset((request.params as { file: string }).file);
    if (asset === undefined) throw notFound('file');
    void reply.type(asset.type).header('cache-control', 'max-age=86400').send(asset.stream);
  }
}
