import type { CallReply, ClaimNextCall } from '#libs/contracts';
import { foldCapability, type PacketDocument } from '#libs/packet';
import { type CallOutcome, countCall } from './metrics.js';
import type { Wish } from './lanes.js';

export type ClaimNextReply = CallReply<'claim_next'>;

const unavailable = (detail: string): ClaimNextReply => ({ outcome: 'fault', code: 'unavailable', detail });

/** One call that is not answered yet. */
export class Caller {
  readonly wish: Wish;
  readonly answer: Promise<ClaimNextReply>;
  readonly #startedAt = performance.now();
  #settle: (reply: ClaimNextReply) => void = () => undefined;
  #end: NodeJS.Timeout | undefined;
  /** Packets are being claimed for it. */
  isBusy = false;
  /** It has found nothing at least once. */
  isWaiting = false;
  /** It holds as many packets as it may: it waits for one of them to end. */
  isLimited = false;
  isAnswered = false;
  /** It takes no for an answer. */
  isOver: boolean;
  /** Nobody waits for its answer. */
  isGone = false;

  /** @param known what the agent is registered with */
  constructor(
    readonly call: ClaimNextCall,
    readonly known: { capabilities: readonly string[]; max_concurrency?: number },
  ) {
    const { agent, capabilities, tags, wait_ms } = call;
    const able = [...known.capabilities, ...capabilities].map(foldCapability);
    this.wish = {
      taker: { id: agent.id, capabilities: new Set(able) },
      tags: [...new Set(tags)].sort(),
      own: false,
    };
    this.isOver = wait_ms === 0;
    this.answer = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Calls back when its time is over. */
  startWaiting(onEnd: () => void): void {
    if (this.isOver) return;
    this.#end = setTimeout(() => {
      this.isOver = true;
      onEnd();
    }, this.call.wait_ms);
  }

  give(packets: PacketDocument[]): void {
    this.#answer({ outcome: 'answered', answer: { packets } }, 'given');
  }

  giveUp(): void {
    this.#answer({ outcome: 'answered', answer: { packets: [] } }, this.isGone ? 'gone' : 'empty');
  }

  fail(detail: string): void {
    this.#answer(unavailable(detail), 'unavailable');
  }

  #answer(reply: ClaimNextReply, outcome: CallOutcome): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    clearTimeout(this.#end);
    countCall(outcome, this.#startedAt);
    this.#settle(reply);
  }
}
