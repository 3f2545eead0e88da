import { checkAddress } from './check-address.js';
import type { Networks } from './networks.js';

const maxLength = 2_048;
const firstFreePort = 1_024;

/** Names by which clouds tell their machines about themselves, keys included. */
const metadataNames = ['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data'];
/** Names that mean this machine or this network: nobody outside has one. */
const localEndings = ['.localhost', '.local', '.localdomain', '.internal', '.intranet', '.lan', '.home.arpa'];

const isLocalName = (name: string): boolean =>
  !name.includes('.') || localEndings.some((ending) => name.endsWith(ending));

/** The address inside a URL's host; undefined for a name. */
const addressIn = (hostname: string): string | undefined => {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : undefined;
};

/** Why nothing may be sent to a host as it stands in a URL, before it is looked up; null when it may. */
export const checkHost = (hostname: string, allowed: Networks): string | null => {
  const address = addressIn(hostname);
  if (address !== undefined) {
    const refusal = checkAddress(address, allowed);
    return refusal && `The address ${address} ${refusal}.`;
  }
  const name = hostname.toLowerCase().replace(/\.+$/, '');
  if (name === '' || metadataNames.includes(name)) return `The host "${hostname}" is not allowed.`;
  // With networks of one's own come names of one's own: then their addresses decide.
  if (allowed.length > 0 || !isLocalName(name)) return null;
  return `The host "${hostname}" is not a public name.`;
};

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** Why nothing may be sent to this port, as a sentence; null when it may. `port` is empty for the default. */
export const checkPort = (protocol: string, port: string): string | null =>
  port === '' || Number(port) === defaultPorts[protocol] || Number(port) >= firstFreePort
    ? null
    : `Use the default port of ${protocol.slice(0, -1)}, or one from ${firstFreePort} on.`;

const checkForm = (url: URL): string | null => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Send an http:// or https:// URL.';
  if (url.username !== '' || url.password !== '') return 'Leave user and password out of the URL.';
  return checkPort(url.protocol, url.port);
};

/**
 * Why a URL cannot be an endpoint, as a sentence; null when it can, as far as that shows without a lookup.
 * Hosts are read as clients read them: `0x7f.1` and `①27.0.0.1` are addresses.
 */
export const checkUrl = (text: string, allowed: Networks): string | null => {
  if (text.length > maxLength) return `Send a URL of at most ${maxLength} characters.`;
  if (!URL.canParse(text)) return 'Send a whole URL, such as https://example.com/hooks.';
  const url = new URL(text);
  return checkForm(url) ?? checkHost(url.hostname, allowed);
};
