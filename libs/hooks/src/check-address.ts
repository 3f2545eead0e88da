import ipaddr from 'ipaddr.js';
import { isWithin, type Networks, parseAddress } from './networks.js';

/** Where a cloud answers its own machines about themselves, although the address looks public. */
const metadata: Networks = [ipaddr.parseCIDR('168.63.129.16/32')];

/** All that is handed out for the public; of IPv6 everything else is special or not used. */
const publicV6: Networks = [ipaddr.parseCIDR('2000::/3')];

type Address = NonNullable<ReturnType<typeof parseAddress>>;

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' &&
  !isWithin(address, metadata) &&
  (address.kind() === 'ipv4' || isWithin(address, publicV6));

/**
 * Why nothing may be sent to this address, in words to follow "it"; null when it may. `allowed` opens networks
 * of one's own. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo) is refused for its form.
 */
export const checkAddress = (text: string, allowed: Networks): string | null => {
  const address = parseAddress(text);
  if (address === undefined) return 'is no IP address';
  if (isPublic(address) || isWithin(address, allowed)) return null;
  const range = address.range();
  return range === 'unicast' ? 'is not a public address' : `is not a public address (${range})`;
};
