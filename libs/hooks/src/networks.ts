import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A list of networks in CIDR form. */
export type Networks = readonly [Address, number][];

/** Reads networks separated by commas, such as `127.0.0.1/32,fd00::/8`; undefined when one of them is none. */
export const parseNetworks = (text: string): Networks | undefined => {
  const parts = text.split(',').map((part) => part.trim());
  const isCidr = (part: string): boolean => ipaddr.IPv4.isValidCIDRFourPartDecimal(part) || isCidr6(part);
  return parts.every(isCidr) ? parts.map((part) => ipaddr.parseCIDR(part)) : undefined;
};

const isCidr6 = (part: string): boolean => part.includes(':') && ipaddr.IPv6.isValidCIDR(part);

export const isWithin = (address: Address, networks: Networks): boolean =>
  networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));

/** The address that a text is, in its plain form only; undefined for anything else. */
export const parseAddress = (text: string): Address | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
};
