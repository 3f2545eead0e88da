import { describe, expect, it } from 'vitest';
import { SseFrames } from './sse.js';

const stream =
  'id: 0-1\nevent: packet.created\ndata: {"a":"grün"}\n\n: comment\n\nevent: two\ndata: 1\ndata: 2\n\n';
const frames = [
  { id: '0-1', type: 'packet.created', data: '{"a":"grün"}' },
  { id: undefined, type: 'two', data: '1\n2' },
];

const takenIn = (text: string, size: number) => {
  const bytes = new TextEncoder().encode(text);
  const reader = new SseFrames();
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return pieces.flatMap((piece) => reader.take(piece));
};

describe('frames of server-sent events', () => {
  it.each([1, 2, 3, 7, 1000])('are the same in pieces of %i bytes', (size) => {
    expect(takenIn(stream, size)).toEqual(frames);
    expect(takenIn(stream.replaceAll('\n', '\r\n'), size)).toEqual(frames);
  });

  it('are not told before they are whole', () => {
    expect(takenIn('data: 1\n', 100)).toEqual([]);
    expect(takenIn('data:1\n\n', 100)).toEqual([{ id: undefined, type: 'message', data: '1' }]);
  });
});
