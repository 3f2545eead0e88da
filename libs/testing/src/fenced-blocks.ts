const fence = /^(`{3,})([^\n`]*)\n([\s\S]*?)^\1$/gm;

/**
 * The fenced code blocks of a Markdown text, in order. `info` is the whole line after the fence, for example
 * `bash` or `bash first-handoff`; only blocks with exactly that line are returned.
 */
export const fencedBlocks = (markdown: string, info: string): string[] =>
  [...markdown.matchAll(fence)]
    .filter(([, , line = '']) => line.trim() === info)
    .map(([, , , code = '']) => code);
