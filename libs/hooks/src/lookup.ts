import type { LookupAddress } from 'node:dns';
import { checkAddress } from './check-address.js';
import { HostLookup } from './host-lookup.js';
import type { Networks } from './networks.js';

/** All addresses of a host. Rejects with an error that has a `code` when there is none. */
export type Lookup = (hostname: string) => Promise<LookupAddress[]>;

let hosts: HostLookup | undefined;
const findHost: Lookup = (hostname) => (hosts ??= new HostLookup()).find(hostname);

/** The guard refuses a host, a name or an address. The message is a sentence. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  readonly code = 'HR_NOT_ALLOWED';
}

export interface GuardOptions {
  /** Networks that may be called although they are not public. */
  allowed: Networks;
  /** For tests; name servers and the system when left out. */
  lookup?: Lookup;
}

/**
 * Looks a host up, once: its addresses, if every one of them may be called.
 * @throws NotAllowed, and what the lookup throws
 */
export const lookUp = async (
  hostname: string,
  { allowed, lookup = findHost }: GuardOptions,
): Promise<LookupAddress[]> => {
  const addresses = await lookup(hostname);
  if (addresses.length === 0) throw new NotAllowed(`The host "${hostname}" has no address.`);
  for (const { address } of addresses) {
    const refusal = checkAddress(address, allowed);
    if (refusal) throw new NotAllowed(`The host "${hostname}" stands for ${address}, which ${refusal}.`);
  }
  return addresses;
};
