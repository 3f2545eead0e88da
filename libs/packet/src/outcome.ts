import type { CommandOf, PacketCommandType } from './commands.js';
import type { PacketEventData, PacketEventType } from './events.js';
import type { PacketId } from './ids.js';
import type { allowed } from './lifecycle.js';
import type { Rejection, RejectionCode } from './rejections.js';
import type { Packet } from './state.js';

/** An event before it is framed: what happened, not yet by whom and where in the packet's history. */
export type Fact = {
  [T in PacketEventType]: { type: T; data: PacketEventData[T] };
}[PacketEventType];

/** The first events of another packet that are appended together with this one's. */
export interface ChildFacts {
  id: PacketId;
  root_id: PacketId;
  facts: Fact[];
}

/** What a rule decides. No facts: what was asked already is. */
export type Outcome = { facts: Fact[]; child?: ChildFacts } | { rejection: Rejection };

type Table = typeof allowed;
type StatusFor<T extends PacketCommandType> = {
  [S in keyof Table]: T extends Table[S][number] ? S : never;
}[keyof Table];

/** The packet in a status from which the table allows the command. */
export type PacketFor<T extends PacketCommandType> = Extract<Packet, { status: StatusFor<T> }>;

export type Rule<T extends PacketCommandType> = (command: CommandOf<T>, packet: PacketFor<T>) => Outcome;

export const accept = (...facts: Fact[]): Outcome => ({ facts });

export const quiet: Outcome = { facts: [] };

export const rejection = (
  code: RejectionCode,
  detail: string,
  more: Omit<Rejection, 'code' | 'detail'> = {},
): Rejection => ({ code, detail, ...more });

export const refuse = (...args: Parameters<typeof rejection>): Outcome => ({ rejection: rejection(...args) });
