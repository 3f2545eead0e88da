import type {
  CommandMeta,
  PacketCommandData,
  PacketCommandType,
  PacketDocument,
  Rejection,
} from '#libs/packet';

/** What the edge knows; the service that decides adds its clock and the event's id. */
export type RequestMeta = Omit<CommandMeta, 'now' | 'event_id'> & {
  /** How many packets the tenant may make on a UTC day, as ingestion knows it; left out: none is counted. */
  packets_per_day?: number;
};

/** A command as it travels, by function call or as the JSON of a NATS request on `commandSubject(type)`. */
export type CommandRequest = {
  [T in PacketCommandType]: { type: T; meta: RequestMeta; data: PacketCommandData[T] };
}[PacketCommandType];

/**
 * The service's answer. `fault` is for what is not the caller's doing: it may be sent again with its id.
 * `internal` is a bug of ours, which sending again will hardly mend.
 */
export type CommandReply =
  | {
      outcome: 'accepted';
      /** The packet after the command; for `chain` the child. */
      packet: PacketDocument;
      /** True when the command had been answered before (idempotency key). */
      replayed: boolean;
      /** True when the command changed nothing because what it asks for already is. */
      quiet: boolean;
    }
  | { outcome: 'refused'; rejection: Rejection }
  | { outcome: 'fault'; code: 'contended' | 'unavailable' | 'internal'; detail: string };

/** Sends a command to the service that owns it and waits for its answer. Never rejects: a fault is a reply. */
export type SendCommand = (request: CommandRequest) => Promise<CommandReply>;
