import { KeyRotation } from './key-rotation.js';
import { KeyUses } from './key-uses.js';
import { Keys } from './keys.js';
import { KeyRotationController } from './key-rotation.controller.js';
import { KeysController } from './keys.controller.js';
import { SignUpController } from './sign-up.controller.js';
import { SignUps } from './sign-ups.js';
import { TenantEnds } from './tenant-ends.js';
import { TenantKeysController } from './tenant-keys.controller.js';
import { Tenants } from './tenants.js';
import { TenantsController } from './tenants.controller.js';

/** The routes of keys and tenants. */
export const controlControllers = [
  KeysController,
  KeyRotationController,
  TenantsController,
  TenantKeysController,
  SignUpController,
];

export const controlProviders = (uses: KeyUses) => [
  { provide: KeyUses, useValue: uses },
  ...[Keys, KeyRotation, Tenants, TenantEnds, SignUps],
];
