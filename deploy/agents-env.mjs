// Prints the secrets that deploy/agents.compose.yml asks for, new ones each time: keep them in .env.
import { randomBytes } from 'node:crypto';
import { createAccount } from '@nats-io/nkeys';

// A letter first: NATS servers take what begins with a digit for a number.
const password = () => `p${randomBytes(24).toString('hex')}`;
const issuer = createAccount();

process.stdout.write(
  Object.entries({
    NATS_PASSWORD: password(),
    NATS_SYSTEM_PASSWORD: password(),
    NATS_ISSUER: issuer.getPublicKey(),
    HR_NATS_ISSUER_SEED: Buffer.from(issuer.getSeed()).toString(),
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
);
