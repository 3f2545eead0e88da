import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { checkHost, checkPort } from './check-url.js';
import { type GuardOptions, lookUp, NotAllowed } from './lookup.js';

const connectMs = 5_000;
/** A connection stays with the address it was checked for; what the name stands for is asked again soon. */
const keptMs = 4_000;
const keptAtMostMs = 30_000;
const maxHeaderBytes = 16_384;

// Node asks for one address or for all, as its version and its options have it.
const forSockets =
  (options: GuardOptions): LookupFunction =>
  (hostname, { all }, done) => {
    lookUp(hostname, options).then(
      (addresses) => {
        const [first] = addresses;
        if (all || first === undefined) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

const guardedConnector = (options: GuardOptions): buildConnector.connector => {
  const connect = buildConnector({ timeout: connectMs, lookup: forSockets(options) });
  return (target, done) => {
    // An address is connected to without a lookup, so that it is checked here.
    const { protocol, port, hostname } = target;
    const refusal = checkPort(protocol, port) ?? checkHost(hostname, options.allowed);
    if (refusal) return done(new NotAllowed(refusal), null);
    connect(target, done);
  };
};

/**
 * An undici dispatcher that calls nobody it must not call: each name is looked up once per connection, every
 * address it stands for is checked, and the connection goes to one of those and to no other. Such a request
 * fails with `NotAllowed`. Redirects are answers and not followed. Close it when nothing uses it any more.
 */
export const guardedDispatcher = (options: GuardOptions): Agent =>
  new Agent({
    connect: guardedConnector(options),
    pipelining: 1,
    keepAliveTimeout: keptMs,
    keepAliveMaxTimeout: keptAtMostMs,
    maxHeaderSize: maxHeaderBytes,
  });
