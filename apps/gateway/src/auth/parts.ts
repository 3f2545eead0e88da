import { KeyChanges } from './key-changes.js';
import { KeyChangesController } from './key-changes.controller.js';
import { KeyRotation } from './key-rotation.js';
import { KeyUses } from './key-uses.js';
import { Keys } from './keys.js';
import { KeyRotationController } from './key-rotation.controller.js';
import { KeysController } from './keys.controller.js';
import { SignUpController } from './sign-up.controller.js';
import { SignUps } from './sign-ups.js';
import { TenantCounts } from './tenant-counts.js';
import { TenantEnds } from './tenant-ends.js';
import { TenantKeysController } from './tenant-keys.controller.js';
import { Tenants } from './tenants.js';
import { TenantsController } from './tenants.controller.js';

/** The routes of keys and tenants. */
export const controlControllers = [
  KeysController,
  KeyRotationController,
  KeyChangesController,
  TenantsController,
  TenantKeysController,
  SignUpController,
];

export const controlProviders = (uses: KeyUses) => [
  { provide: KeyUses, useValue: uses },
  ...[Keys, KeyRotation, KeyChanges, TenantCounts, Tenants, TenantEnds, SignUps],
];
