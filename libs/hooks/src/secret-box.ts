import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/** What is stored was sealed with another key, or for something else, or was changed. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/**
 * Seals texts with AES-256-GCM: `v1.<key>.<base64>`, where the first part names the key by 8 characters of its
 * digest. What it is for is bound in: a sealed text that is moved to another record does not open.
 */
export class SecretBox {
  readonly #name: string;

  /** @param key 32 bytes */
  constructor(private readonly key: Buffer) {
    this.#name = createHash('sha256').update('handoffrail key name').update(key).digest('hex').slice(0, 8);
  }

  seal(text: string, owner: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return [version, this.#name, sealed.toString('base64')].join('.');
  }

  /** @throws CannotOpen with a sentence that says why */
  open(sealed: string, owner: string): string {
    const [form, name, encoded = ''] = sealed.split('.');
    if (form !== version) throw new CannotOpen('This was sealed by a newer version.');
    if (name !== this.#name)
      throw new CannotOpen(`This was sealed with another key (${name}): set HR_SECRET_KEY to that one.`);
    try {
      return this.#decrypt(Buffer.from(encoded, 'base64'), owner);
    } catch (error) {
      throw new CannotOpen('This was sealed for something else, or changed.', { cause: error });
    }
  }

  #decrypt(bytes: Buffer, owner: string): string {
    const tagAt = bytes.length - tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(tagAt));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, tagAt)), decipher.final()]).toString();
  }
}
