import type { Instant } from '#libs/packet';
import { type Endpoint, signingSecrets } from './endpoint.js';
import type { SecretBox } from './secret-box.js';

type Whose = Pick<Endpoint, 'tenant_id' | 'id'>;

const ownerOf = ({ tenant_id, id }: Whose): string => `${tenant_id}.${id}`;

/** A secret of this endpoint as it is stored. */
export const sealSecret = (box: SecretBox, whose: Whose, secret: string): string =>
  box.seal(secret, ownerOf(whose));

/** The secrets that sign for the endpoint at this time, the current one first. @throws CannotOpen */
export const openSecrets = (box: SecretBox, endpoint: Endpoint, now: Instant): [string, ...string[]] => {
  const [current, ...previous] = signingSecrets(endpoint, now);
  const owner = ownerOf(endpoint);
  return [box.open(current, owner), ...previous.flatMap((sealed) => openIfPossible(box, sealed, owner))];
};

// Who has lost the key rotates the secrets: the one before cannot sign any more, and need not.
const openIfPossible = (box: SecretBox, sealed: string, owner: string): string[] => {
  try {
    return [box.open(sealed, owner)];
  } catch {
    return [];
  }
};

/** The caller's own headers as they are stored; undefined for none. */
export const sealHeaders = (
  box: SecretBox,
  whose: Whose,
  headers: Record<string, string>,
): Endpoint['headers'] => {
  const names = Object.keys(headers);
  if (names.length === 0) return undefined;
  return { names, sealed: box.seal(JSON.stringify(headers), ownerOf(whose)) };
};

/** The headers that the caller wants each delivery to carry. @throws CannotOpen */
export const openHeaders = (box: SecretBox, endpoint: Endpoint): Record<string, string> =>
  endpoint.headers === undefined
    ? {}
    : (JSON.parse(box.open(endpoint.headers.sealed, ownerOf(endpoint))) as Record<string, string>);
