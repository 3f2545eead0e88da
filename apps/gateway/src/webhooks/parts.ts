import { HookRegistry } from '#libs/hooks';
import { DeliveriesController } from './deliveries.controller.js';
import { HookEndpoints } from './hook-endpoints.js';
import { HookSafety } from './hook-safety.js';
import { HooksController } from './hooks.controller.js';

/** The routes of webhooks: what is sent where, and what has become of it. */
export const hookControllers = [HooksController, DeliveriesController];

export const hookProviders = (registry: HookRegistry) => [
  { provide: HookRegistry, useValue: registry },
  HookSafety,
  HookEndpoints,
];
