import { httpHeaders, parsePosition } from '#libs/contracts';
import type { PacketDocument } from '#libs/packet';
import type { ApiReply } from './call.js';

const type = 'application/json; charset=utf-8';

/** Answers with JSON, printed once. */
export const sendJson = (reply: ApiReply, status: number, body: unknown): void => {
  void reply.code(status).type(type).send(JSON.stringify(body));
};

/** Answers 200 with JSON that is text already. */
export const sendText = (reply: ApiReply, json: string | Buffer): void =>
  void reply.code(200).type(type).send(json);

export const sendNothing = (reply: ApiReply): void => void reply.code(204).send();

/** The headers by which a client holds on to what it has just seen. */
export const tagPacket = (reply: ApiReply, { revision }: PacketDocument): void =>
  void reply.header('etag', `"${revision}"`);

export const tellPosition = (reply: ApiReply, position: string): void =>
  void reply.header(httpHeaders.position, position);

/** The later one of two positions. */
export const laterPosition = (a: string | undefined, b: string): string =>
  (parsePosition(a ?? '') ?? -1) > (parsePosition(b) ?? 0) ? (a ?? b) : b;
