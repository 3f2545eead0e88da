import { streams } from '#libs/contracts';
import { consumeStream } from './consume-stream.js';
import type { ConsumerOptions, Consumption } from './consume-stream.js';
import { recordedEvent } from './recorded-event.js';
import type { RecordedEvent } from './recorded-event.js';

export interface ConsumeOptions extends ConsumerOptions {
  /**
   * Handles one event, once or more often. Returning settles it; `Retryable` (or any unknown error) has it
   * delivered again later, `Poison` parks it.
   */
  handler: (recorded: RecordedEvent, attempt: number) => Promise<void>;
}

/** Feeds the events of the log to a handler, as `consumeStream` does; what cannot be read is passed over. */
export const consume = ({ handler, ...options }: ConsumeOptions): Consumption =>
  consumeStream({
    ...options,
    stream: streams.packets,
    handler: async (message) => {
      const recorded = recordedEvent(message);
      if (recorded !== null) await handler(recorded, message.attempt);
    },
  });
