import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostLookup } from './host-lookup.js';

const [A, AAAA] = [1, 28];

/** The question of a DNS message: its name, its type, and where it ends. */
const questionOf = (message: Buffer) => {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
};

/** The answer with these addresses, as bytes; none of them: the name does not exist. */
const answerTo = (message: Buffer, end: number, { type, data }: { type: number; data: Buffer[] }): Buffer => {
  const header = Buffer.from(message.subarray(0, end));
  header.writeUInt16BE(data.length > 0 ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(data.length, 6);
  header.fill(0, 8, 12);
  const records = data.map((bytes) => {
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([fixed, bytes]);
  });
  return Buffer.concat([header, ...records]);
};

describe('looking up hosts', () => {
  let server: Socket;
  let lookup: HostLookup;
  beforeAll(async () => {
    server = createSocket('udp4');
    server.on('message', (message, { port, address }) => {
      const { name, type, end } = questionOf(message);
      if (name.startsWith('silent')) return;
      const v6 = Buffer.from('26064700000000000000000000001111', 'hex');
      const known: Record<number, Buffer[]> = { [A]: [Buffer.from([93, 184, 216, 34])], [AAAA]: [v6] };
      const data =
        name === 'both.example.com' || (name === 'four.example.com' && type === A) ? known[type] : [];
      server.send(answerTo(message, end, { type, data: data ?? [] }), port, address);
    });
    await new Promise<void>((done) => server.bind(0, '127.0.0.1', done));
    lookup = new HostLookup([`127.0.0.1:${server.address().port}`]);
  });
  afterAll(() => void server.close());

  it('finds the addresses of both families', async () => {
    expect(await lookup.find('four.example.com')).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await lookup.find('both.example.com')).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('asks the system for what name servers do not know', async () => {
    const addresses = (await lookup.find('localhost')).map(({ address }) => address);
    expect(addresses.every((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
    expect(addresses.length).toBeGreaterThan(0);
    await expect(lookup.find('nobody.invalid')).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('is held up by no names whose servers are silent, and gives those up', async () => {
    const started = performance.now();
    const silent = Array.from({ length: 50 }, (_, nth) => lookup.find(`silent-${nth}.example.com`));
    const given = Promise.allSettled(silent);
    expect(await lookup.find('four.example.com')).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1_000);
    for (const result of await given)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ETIMEOUT' } });
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});
