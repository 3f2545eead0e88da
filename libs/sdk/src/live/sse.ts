/** One frame of a stream of server-sent events. */
export interface SseFrame {
  id: string | undefined;
  type: string;
  data: string;
}

const frameOf = (block: string): SseFrame | null => {
  let id: string | undefined;
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    else if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
  }
  // A comment, or a frame that holds nothing, is no event.
  return data.length === 0 ? null : { id, type, data: data.join('\n') };
};

/** Cuts what comes, in pieces of any size, into frames. */
export class SseFrames {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /** The frames that this piece completes. */
  take(piece: Uint8Array): SseFrame[] {
    const text = this.#rest + this.#decoder.decode(piece, { stream: true });
    // A piece may end between the two characters of one line end.
    const held = text.endsWith('\r') ? 1 : 0;
    const blocks = text
      .slice(0, text.length - held)
      .replaceAll(/\r\n?/g, '\n')
      .split('\n\n');
    this.#rest = (blocks.pop() ?? '') + text.slice(text.length - held);
    return blocks.map(frameOf).filter((frame) => frame !== null);
  }
}
