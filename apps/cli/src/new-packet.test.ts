import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { newPacketOf } from './new-packet.js';

const from = (text: string) => Readable.from([Buffer.from(text)]);
const nothing = () => from('');
const agents = { sourceId: 'a', targetId: 'b' };

describe('a packet out of flags and files', () => {
  it('names what is missing', async () => {
    await expect(newPacketOf({}, nothing())).rejects.toThrow('Who hands over?');
    await expect(newPacketOf({ sourceId: 'a' }, nothing())).rejects.toThrow('What is it about?');
    await expect(newPacketOf({ sourceId: 'a', summary: 's' }, nothing())).rejects.toThrow('Who gets it?');
    await expect(newPacketOf({ sourceId: 'a', summary: 's', needs: ['x'] }, nothing())).resolves.toBeTruthy();
  });

  it('calls agents by their ids where no name is given', async () => {
    expect(await newPacketOf({ ...agents, sourceName: 'A', summary: 's' }, nothing())).toEqual({
      sourceAgent: { id: 'a', name: 'A' },
      targetAgent: { id: 'b', name: 'b' },
      summary: 's',
    });
  });

  it('gives a person the question as the reason, too', async () => {
    expect(await newPacketOf({ ...agents, summary: 's', hitl: 'Really?' }, nothing())).toMatchObject({
      hitl: { required: true, question: 'Really?', reason: 'Really?' },
    });
  });

  it('reads standard input once', async () => {
    expect(await newPacketOf({ ...agents, summary: '-' }, from('two\nlines\n'))).toMatchObject({
      summary: 'two\nlines',
    });
    const twice = newPacketOf({ ...agents, summary: '-', file: '-' }, nothing());
    await expect(twice).rejects.toThrow('only one flag may be "-"');
  });

  it('reads JSON and YAML from standard input', async () => {
    const read = (text: string) => newPacketOf({ file: '-' }, from(text));
    const packet = { sourceAgent: 'a', targetAgent: 'b', summary: 's' };
    expect(await read(JSON.stringify(packet))).toEqual(packet);
    expect(await read('sourceAgent: a\ntargetAgent: b\nsummary: s\n')).toEqual(packet);
    await expect(read('{ "sourceAgent": ')).rejects.toThrow('standard input is no JSON');
    await expect(read('a: b: c')).rejects.toThrow('standard input is no YAML');
  });

  it('lets flags come before a file, flat or as the API has it', async () => {
    const flat = JSON.stringify({ sourceAgent: 'x', targetAgent: 'y', summary: 'old', tags: ['kept'] });
    expect(await newPacketOf({ file: '-', summary: 'new' }, from(flat))).toEqual({
      sourceAgent: 'x',
      targetAgent: 'y',
      summary: 'new',
      tags: ['kept'],
    });
    const body = JSON.stringify({
      metadata: { source_agent: { id: 'x', name: 'X' }, priority: 'low' },
      context: { summary: 'old', custom: { kept: true } },
    });
    expect(
      await newPacketOf({ file: '-', summary: 'new', priority: 9, ttl: 60, needs: ['z'] }, from(body)),
    ).toEqual({
      metadata: { source_agent: { id: 'x', name: 'X' }, priority: 9 },
      context: { summary: 'new', custom: { kept: true } },
      ttl_seconds: 60,
      routing: { capabilities: ['z'] },
    });
  });

  it.each([
    ['[1]', 'holds no object'],
    ['{', 'is no JSON'],
  ])('refuses a file with %s', async (text, message) => {
    await expect(newPacketOf({ file: '-' }, from(text))).rejects.toThrow(message);
  });
});
