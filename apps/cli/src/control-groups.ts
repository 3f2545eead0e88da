import type { CommandGroup } from './command-group.js';
import { agents } from './commands/agents.js';
import { auditing } from './commands/auditing.js';
import { hooks } from './commands/hooks.js';
import { keys } from './commands/keys.js';
import { local } from './commands/local.js';
import { moving } from './commands/moving.js';
import { schemas } from './commands/schemas.js';
import { standing } from './commands/standing.js';
import { tenants } from './commands/tenants.js';

/** What is done around the packets of a rail, or without one. */
export const controlGroups: CommandGroup[] = [
  ...[agents, hooks, keys, tenants, schemas],
  ...[standing, auditing, moving, local],
];
