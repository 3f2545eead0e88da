import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import { checkAddress } from './check-address.js';
import type { Networks } from './networks.js';

/** All addresses of a name, as the system finds them. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The guard refuses a host, a name or an address. The message is a sentence. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  readonly code = 'HR_NOT_ALLOWED';
}

export interface GuardOptions {
  /** Networks that may be called although they are not public. */
  allowed: Networks;
  /** For tests; the system's when left out. */
  lookup?: Lookup;
}

const refusalOf = (hostname: string, addresses: LookupAddress[], allowed: Networks): NotAllowed | null => {
  if (addresses.length === 0) return new NotAllowed(`The host "${hostname}" has no address.`);
  for (const { address } of addresses) {
    const refusal = checkAddress(address, allowed);
    if (refusal) return new NotAllowed(`The host "${hostname}" stands for ${address}, which ${refusal}.`);
  }
  return null;
};

/** Looks a name up, once, and passes its addresses on only if every one of them is allowed. */
export const checkedLookup =
  ({ allowed, lookup = systemLookup }: GuardOptions): Lookup =>
  (hostname, options, done) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? refusalOf(hostname, addresses, allowed);
      done(refusal, refusal ? [] : addresses);
    });
