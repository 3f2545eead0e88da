import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** A connection whose client wants to speak WebSocket on it. */
export interface Upgrade {
  socket: Duplex;
  /** What came behind the request. */
  head: Buffer;
  /** Takes the connection from the HTTP server. */
  take: () => void;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** What the request's client wants its connection to become; undefined: it is a plain request. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => upgrades.get(request);

const isWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

const hopHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

/** The request as it came, but for the wish to upgrade. */
const plainRequest = ({ method, url, httpVersion, rawHeaders }: IncomingMessage): string => {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!hopHeaders.has(name.toLowerCase())) text += `${name}: ${rawHeaders[index + 1]}\r\n`;
  }
  return `${text}\r\n`;
};

/**
 * A server that takes upgrades is handed every request that offers one, h2c for instance, without its body.
 * Whatever is no WebSocket is to be answered as if it had not been offered.
 */
const goOnPlainly = (
  server: Server,
  request: IncomingMessage,
  { socket, head }: Omit<Upgrade, 'take'>,
): void => {
  socket.unshift(Buffer.concat([Buffer.from(plainRequest(request), 'latin1'), head]));
  server.emit('connection', socket);
};

/** Brings requests for a WebSocket through the same hooks and routes as all others. */
export const routeUpgrades = (server: Server, fastify: FastifyInstance): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isWebSocket(request)) return goOnPlainly(server, request, { socket, head });
    const abandon = () => socket.destroy();
    socket.on('error', abandon);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
    const close = () => socket.end();
    response.once('finish', close);
    const take = () => {
      socket.off('error', abandon);
      response.off('finish', close).detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]);
    };
    upgrades.set(request, { socket, head, take });
    fastify.routing(request, response);
  });
};
