import { type Approval, evolve, initialState, type Packet } from '#libs/packet';
import { endedApprovals, type LoggedEvent } from '#libs/read-models';

/** How a checkpoint ended that another one of its packet has followed, by the packet's whole history. */
export const endedIn = (history: readonly LoggedEvent[], id: string): Approval | undefined => {
  let before: Packet = initialState;
  for (const logged of history) {
    const after = evolve(before, logged.event);
    const ended = endedApprovals({ ...logged, before, after }).find((approval) => approval.id === id);
    if (ended !== undefined) return ended;
    before = after;
  }
  return undefined;
};
