import { checkTarget, loadSecretKey, SecretBox } from '#libs/hooks';
import { CONFIG, type Config } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { invalidField } from '../http/problem-error.js';

/** What keeps webhooks from harm: their secrets are sealed, and they call nobody whom they must not call. */
@Injectable()
export class HookSafety {
  #box: Promise<SecretBox> | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** What seals secrets. The key is read, or made, when the first of them is stored. */
  box(): Promise<SecretBox> {
    this.#box ??= this.#open().catch((error: unknown) => {
      this.#box = undefined;
      throw error;
    });
    return this.#box;
  }

  /** Looks up the host of an endpoint to be. @throws ProblemError when it must not be called */
  async checkUrl(url: string): Promise<void> {
    const refusal = await checkTarget(url, { allowed: this.config.webhookNetworks });
    if (refusal !== null) throw invalidField('url', 'not_allowed', refusal);
  }

  async #open(): Promise<SecretBox> {
    const { secretKey, dataDir } = this.config;
    return new SecretBox(await loadSecretKey(secretKey, dataDir));
  }
}
