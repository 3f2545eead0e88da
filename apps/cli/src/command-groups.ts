import type { CommandGroup } from './command-group.js';
import { controlGroups } from './control-groups.js';
import { completing } from './commands/completing.js';
import { creating } from './commands/creating.js';
import { deciding } from './commands/deciding.js';
import { demonstrating } from './commands/demonstrating.js';
import { following } from './commands/following.js';
import { links } from './commands/links.js';
import { looking } from './commands/looking.js';
import { loggingIn } from './commands/logging-in.js';
import { serving } from './commands/serving.js';
import { servingWork } from './commands/serving-work.js';
import { taking } from './commands/taking.js';
import { working } from './commands/working.js';

/** All commands, in the order of the help: a line for each group. */
export const commandGroups: CommandGroup[] = [
  creating,
  looking,
  working,
  taking,
  servingWork,
  deciding,
  links,
  following,
  ...controlGroups,
  serving,
  demonstrating,
  loggingIn,
  completing,
];
