import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkTarget, guardedDispatcher, type Lookup, NotAllowed, parseNetworks, post } from './index.js';

const names: Record<string, string[]> = {
  'public.example.com': ['93.184.216.34'],
  'two.example.com': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  'private.example.com': ['10.0.0.5'],
  'loop.example.com': ['127.0.0.1'],
  'loop6.example.com': ['::1'],
  'mixed.example.com': ['93.184.216.34', '192.168.1.1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nat64.example.com': ['64:ff9b::7f00:1'],
  'metadata.example.com': ['169.254.169.254'],
  'empty.example.com': [],
};

const answer = async (hostname: string, addresses: string[] | undefined): Promise<LookupAddress[]> => {
  await new Promise(setImmediate);
  if (addresses === undefined) throw Object.assign(new Error(`ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

const lookup: Lookup = (hostname) => answer(hostname, names[hostname.replace(/\.$/, '')]);

/** What must never be called, and in which way it tries. */
const refused: Record<string, string[]> = {
  loopback: ['http://127.0.0.1/', 'http://127.1/', 'http://127.255.255.254:8080/', 'http://[::1]/'],
  'this host': ['http://0.0.0.0/', 'http://0/', 'http://[::]/', 'http://0.1.2.3/'],
  'a private network': [
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://[fc00::1]/',
    'http://[fd12:3456:789a::1]/',
  ],
  'the link': ['http://169.254.1.1/', 'http://[fe80::1]/', 'http://[febf::1]/', 'http://[fec0::1]/'],
  'carrier-grade NAT': ['http://100.64.0.1/', 'http://100.127.255.255/', 'http://100.100.100.200/'],
  metadata: [
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://metadata.google.internal./',
    'http://METADATA.GOOGLE.INTERNAL/',
    'http://metadata/',
    'http://instance-data/',
  ],
  'everybody at once': ['http://224.0.0.1/', 'http://255.255.255.255/', 'http://[ff02::1]/'],
  'what is reserved': [
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://198.51.100.7/',
    'http://203.0.113.7/',
    'http://240.0.0.1/',
    'http://192.88.99.1/',
    'http://[2001:db8::1]/',
    'http://[100::1]/',
    'http://[3fff::1]/',
    'http://[5f00::1]/',
    'http://[4000::1]/',
  ],
  'decimal, octal and hex': [
    'http://2130706433/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0x7f.1/',
    'http://3232235777/',
    'http://0xa9fea9fe/',
    'http://127.0x0.0.01/',
  ],
  'other writing': [
    'http://①②⑦.⓪.⓪.①/',
    'http://１２７.０.０.１/',
    'http://%31%32%37.0.0.1/',
    'http://127。0。0。1/',
  ],
  'IPv4 inside IPv6': [
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::10.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:c0a8:101::1]/',
    'http://[2001:0:7f00:1::1]/',
  ],
  'trailing dots': ['http://127.0.0.1./', 'http://localhost./', 'http://loop.example.com./'],
  'local names': [
    'http://localhost/',
    'http://LOCALHOST:8080/',
    'http://api.localhost/',
    'http://printer.local/',
    'http://db.internal/',
    'http://router.lan/',
    'http://postgres:5432/',
  ],
  'names that stand for it': [
    'http://private.example.com/',
    'http://loop.example.com/',
    'http://loop6.example.com/',
    'http://mixed.example.com/',
    'http://mapped.example.com/',
    'http://nat64.example.com/',
    'http://metadata.example.com/',
    'http://empty.example.com/',
  ],
  'ports of the system': [
    'http://public.example.com:22/',
    'http://public.example.com:443/',
    'https://public.example.com:80/',
  ],
  'user info': ['http://public.example.com@127.0.0.1/', 'http://public.example.com%2f@10.0.0.1/'],
};

const table = Object.entries(refused).flatMap(([way, urls]) => urls.map((url) => [way, url] as const));

const onlyAtRegistration = [
  'http://user:password@public.example.com/',
  'http://user@public.example.com/',
  'http://127.0.0.1#@public.example.com/',
  'http://127.0.0.1\\@public.example.com/',
  'file:///etc/passwd',
  'gopher://public.example.com/',
  'ftp://public.example.com/',
  'javascript:alert(1)',
  '//public.example.com/',
  'public.example.com/hook',
  'http://',
  'http://[::1',
  'http://999.1.1.1/',
  `http://public.example.com/${'x'.repeat(2_048)}`,
];

describe('what must not be called', () => {
  const guard = { allowed: [], lookup };
  const dispatcher = guardedDispatcher(guard);
  afterAll(() => dispatcher.destroy());

  it('is a table of at least 40', () => expect(table.length).toBeGreaterThan(70));

  it.each(table)('%s: %s is refused at registration and at delivery', async (_way, url) => {
    const refusal = await checkTarget(url, guard);
    expect(refusal).toMatch(/^[A-Z].*\.$/);
    const posted = await post(dispatcher, { url, headers: {}, body: '{}' });
    expect(posted).toEqual({ duration_ms: expect.any(Number), error: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(posted.error).not.toMatch(/connection|answer|known/);
  });

  it.each(onlyAtRegistration)('%s is refused at registration', async (url) => {
    expect(await checkTarget(url, guard)).toMatch(/^[A-Z].*\.$/);
  });

  it('looks up no address, which needs no lookup', async () => {
    const never: Lookup = () => Promise.reject(new NotAllowed('Asked.'));
    for (const url of ['http://8.8.8.8/', 'http://134744072/', 'http://[2606:4700:4700::1111]/'])
      expect(await checkTarget(url, { allowed: [], lookup: never })).toBeNull();
    expect(await checkTarget('http://10.0.0.1/', { allowed: [], lookup: never })).toContain('private');
  });

  it.each([
    'https://public.example.com/hook?token=1',
    'http://public.example.com:8080/',
    'https://two.example.com/',
    'http://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://not-there-yet.example.com/',
    'https://münchen.example.com/',
    'https://PUBLIC.example.com./',
  ])('%s is let through', async (url) => {
    expect(await checkTarget(url, guard)).toBeNull();
  });
});

let sentBytes = 0;
const endless = (): Readable =>
  Readable.from(
    (function* () {
      for (const chunk = Buffer.alloc(32_768, 'ä'); ; sentBytes += chunk.length) yield chunk;
    })(),
  );

describe('calls that are allowed', () => {
  let server: Server;
  let port: number;
  let requests: string[];
  const closing: (() => Promise<void>)[] = [];
  const allowed = parseNetworks('127.0.0.1/32')!;
  beforeAll(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.headers.host} ${request.url}`);
      if (request.url === '/away')
        return response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end('Over there.');
      if (request.url === '/endless') return void endless().pipe(response);
      if (request.url === '/drip') return void response.write('one');
      if (request.url === '/hang') return;
      if (request.url === '/close') return void request.socket.destroy();
      if (request.url === '/later') return response.writeHead(429, { 'retry-after': '7' }).end('a\0b');
      if (request.url === '/headers') return response.writeHead(200, { big: 'x'.repeat(40_000) }).end();
      response.end('thanks');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    requests.splice(0);
  });
  afterAll(() => void server.close().closeAllConnections());

  const dispatcherOf = (look: Lookup) => {
    const dispatcher = guardedDispatcher({ allowed, lookup: look });
    closing.push(() => dispatcher.destroy());
    return dispatcher;
  };
  const to = (path: string, host = 'hooks.example.com') => ({
    url: `http://${host}:${port}${path}`,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const home: Lookup = (hostname) => answer(hostname, ['127.0.0.1']);

  it('go to the address that was checked, under the name that was given', async () => {
    let lookups = 0;
    const dispatcher = dispatcherOf((hostname) => {
      lookups += 1;
      return home(hostname);
    });
    const posted = await post(dispatcher, to('/hook'));
    expect(posted).toMatchObject({ status_code: 200, response_excerpt: 'thanks' });
    expect(requests).toEqual([`hooks.example.com:${port} /hook`]);
    expect(lookups).toBe(1);
    expect(await post(dispatcher, to('/hook', '127.0.0.1'))).toMatchObject({ status_code: 200 });
  });

  it('are refused when the name stands for something else than at the check', async () => {
    const answers = [['93.184.216.34'], ['10.0.0.1'], ['127.0.0.1', '10.0.0.1']];
    const look: Lookup = (hostname) => answer(hostname, answers.shift() ?? []);
    const posting = to('/hook');
    expect(await checkTarget(posting.url, { allowed, lookup: look })).toBeNull();
    const dispatcher = dispatcherOf(look);
    for (let round = 0; round < 2; round += 1)
      expect((await post(dispatcher, posting)).error).toContain('10.0.0.1, which is not a public address');
    expect(requests).toEqual([]);
  });

  it('do not follow redirects', async () => {
    const posted = await post(dispatcherOf(home), to('/away'));
    expect(posted).toMatchObject({ status_code: 302, response_excerpt: 'Over there.' });
    expect(requests).toHaveLength(1);
  });

  it('read no more of an answer than they must', async () => {
    const posted = await post(dispatcherOf(home), to('/endless'));
    const read = sentBytes;
    expect(posted.status_code).toBe(200);
    expect(Buffer.byteLength(posted.response_excerpt!)).toBeLessThanOrEqual(1_024);
    expect(posted.response_excerpt).toMatch(/^ä+$/);
    expect(posted.duration_ms).toBeLessThan(2_000);
    // What the sockets hold in between is not ours to say.
    expect(read).toBeLessThan(20_000_000);
    expect(await post(dispatcherOf(home), to('/later'))).toMatchObject({
      status_code: 429,
      retry_after: '7',
      response_excerpt: 'a\ufffdb',
    });
  });

  it.each([
    ['/hang', 'No answer within 300 ms.'],
    ['/close', 'The connection was closed before an answer.'],
    ['/headers', 'The headers of the answer are too large.'],
  ])('%s is a failure in time', async (path, error) => {
    const started = performance.now();
    const posted = await post(dispatcherOf(home), { ...to(path), timeoutMs: 300 });
    expect(posted).toEqual({ duration_ms: expect.any(Number), error });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('count an answer that never ends by its status', async () => {
    const posted = await post(dispatcherOf(home), { ...to('/drip'), timeoutMs: 300 });
    expect(posted).toMatchObject({ status_code: 200, response_excerpt: 'one' });
  });

  it('tell what is wrong with the connection', async () => {
    const unknown: Lookup = (hostname) => answer(hostname, undefined);
    expect((await post(dispatcherOf(unknown), to('/'))).error).toBe('The host name is not known.');
    const nobody = { ...to('/'), url: 'http://127.0.0.1:1025/' };
    expect((await post(dispatcherOf(home), nobody)).error).toBe('The connection was refused.');
  });
});

describe('networks of one’s own', () => {
  it('are read as a list, or not at all', () => {
    expect(parseNetworks('127.0.0.1/32, 10.1.0.0/16,fd00::/8')).toHaveLength(3);
    for (const text of [
      '',
      '10.0.0.1',
      '10.0.0.0/33',
      '10.0.0.0/8,',
      '10/8',
      'localhost',
      '::/129',
      '0x7f.0.0.1/8',
    ])
      expect(parseNetworks(text), text).toBeUndefined();
  });

  it('open themselves and nothing else', async () => {
    const allowed = parseNetworks('127.0.0.1/32,10.1.0.0/16')!;
    const check = (url: string) => checkTarget(url, { allowed, lookup });
    expect(await check('http://127.0.0.1:3000/')).toBeNull();
    expect(await check('http://10.1.2.3/')).toBeNull();
    expect(await check('http://loop.example.com/')).toBeNull();
    expect(await check('http://10.2.0.1/')).toContain('not a public address (private)');
    expect(await check('http://private.example.com/')).toContain('10.0.0.5');
    expect(await check('http://[::ffff:127.0.0.1]/')).not.toBeNull();
    expect(await check('http://metadata.google.internal/')).not.toBeNull();
  });
});
