import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the token of a link says, once its signature holds. */
export interface LinkToken {
  approval_id: string;
  link_id: string;
  /** SHA-256 of the whole token: all that is stored of it. */
  digest: string;
}

const idBytes = 16;
const signed = 2 * idBytes + 32;
const signatureBytes = 16;
const total = signed + signatureBytes;

const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * Makes and reads the tokens of links: the ids of checkpoint and link, 256 random bits and a signature, in
 * base64url. The signature only spares us looking up what was never made; the random bits are the secret. 80
 * bytes end in a letter or digit, so that no mail program takes the end of a link for punctuation.
 */
export class TokenSeal {
  constructor(private readonly secret: string) {}

  make(approvalId: string, linkId: string): { text: string; digest: string } {
    const content = Buffer.concat([uuidBytes(approvalId), uuidBytes(linkId), randomBytes(32)]);
    const text = Buffer.concat([content, this.#sign(content)]).toString('base64url');
    return { text, digest: hash('sha256', text, 'hex') };
  }

  /** Null: no token of ours. */
  read(text: string): LinkToken | null {
    const bytes = Buffer.from(text, 'base64url');
    // One token has one spelling: a reader that is lenient would take others for it.
    if (bytes.length !== total || bytes.toString('base64url') !== text) return null;
    const content = bytes.subarray(0, signed);
    if (!timingSafeEqual(this.#sign(content), bytes.subarray(signed))) return null;
    return {
      approval_id: uuidOf(content.subarray(0, idBytes)),
      link_id: uuidOf(content.subarray(idBytes, 2 * idBytes)),
      digest: hash('sha256', text, 'hex'),
    };
  }

  #sign(content: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(content).digest().subarray(0, signatureBytes);
  }
}
