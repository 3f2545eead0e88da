import type { WebSocket } from 'ws';

const heartbeatMs = 30_000;

/** Asks for a sign of life every 30 seconds, and ends a connection that gave none since the last time. */
export const watchHeartbeat = (socket: WebSocket, onBeat: () => void): void => {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const beats = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    onBeat();
  }, heartbeatMs);
  socket.once('close', () => clearInterval(beats));
};
