import type { HandoffManager } from '#libs/sdk/local';
import type { Command } from 'commander';

/** Flags of whatever works on a file of handoffs. */
export interface StoreFlags {
  store: string;
}

/** Gives a command the flag that names the file. */
export const stored = (command: Command): Command =>
  command.option('--store <file>', 'where the handoffs are', 'handoffs.json');

/** The handoffs in a file. The first change makes it. */
export const openStore = async ({ store }: StoreFlags): Promise<HandoffManager> => {
  const { HandoffManager } = await import('#libs/sdk/local');
  return new HandoffManager({ store });
};
