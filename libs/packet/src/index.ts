export type { Approval, ApprovalState, Vote } from './approval.js';
export type {
  CommandMeta,
  CommandOf,
  Inherit,
  InheritPart,
  NewPacket,
  PacketCommand,
  PacketCommandData,
  PacketCommandType,
  PacketLimits,
  Principal,
  Role,
} from './commands.js';
export type { Verdict } from './verdict.js';
export type {
  Actions,
  Actor,
  AgentRef,
  ApprovalDecision,
  ApprovalOption,
  ApprovalPolicy,
  Approver,
  Artifact,
  Chain,
  Claim,
  ClaimPolicy,
  CompletedAction,
  Context,
  Decision,
  Dependency,
  EscalationStep,
  FailedAction,
  Failure,
  Json,
  JsonObject,
  PacketContent,
  PacketDocument,
  PacketMetadata,
  PacketStatus,
  PacketTerms,
  PendingAction,
  PriorityWord,
  Progress,
  RetryPolicy,
  Routing,
  Turn,
} from './document.js';
export { currentSchema } from './events.js';
export type { EventFrame, PacketEvent, PacketEventData, PacketEventType } from './events.js';
export { epochOf, instantAt, parsePacketId, parseTenantId } from './ids.js';
export type { Brand, CommandId, Instant, PacketId, TenantId } from './ids.js';
export { allowed, commandsFrom, isTerminal, statusAfter, terminal } from './lifecycle.js';
export type { ContentPatch } from './patch.js';
export { rejectionCodes } from './rejections.js';
export type { Rejection, RejectionCode } from './rejections.js';
export { initialState } from './state.js';
export type {
  AwaitingPacket,
  CancelledPacket,
  CompletedPacket,
  CreatedPacket,
  ExistingPacket,
  ExpiredPacket,
  FailedPacket,
  HeldPacket,
  LivePacket,
  Packet,
  PacketBase,
  RejectedPacket,
} from './state.js';
