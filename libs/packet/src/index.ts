export { aliasesOf, eventAliases } from './aliases.js';
export type { PacketEventAlias } from './aliases.js';
export type { Approval, ApprovalState, Vote } from './approval.js';
export { readApprovalTimer } from './approval-timers.js';
export type { ApprovalTimer } from './approval-timers.js';
export { toApprovalDocument } from './approval-document.js';
export type { ApprovalDocument } from './approval-document.js';
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
export { canonicalJson } from './canonical-json.js';
export { foldCapability } from './capability.js';
export { questionOf, routeByChoice } from './choosing.js';
export type { Choice, ChoiceQuestion, ChooseTarget } from './choosing.js';
export { childChain } from './create.js';
export { decide } from './decide.js';
export { directiveFor } from './directive.js';
export type { Directive } from './directive.js';
export { evolve, fold } from './evolve.js';
export { mergeAncestors } from './ancestors.js';
export { historyEventOf } from './history.js';
export type { HistoryEvent } from './history.js';
export type { Ancestor } from './inherit.js';
export type { ApprovalInput, CreateInput, PatchInput } from './input.js';
export { renderLifecycle } from './lifecycle-doc.js';
export { lineageOf } from './lineage.js';
export type { Lineage, LineageNode, LineageTree } from './lineage.js';
export { checkApproval, checkNewPacket } from './new-packet.js';
export { normalizeNewPacket, normalizePatch } from './normalize.js';
export type { CreateDefaults } from './normalize.js';
export { normalizeApproval } from './normalize-approval.js';
export { priorityOf } from './priority.js';
export { railPrincipal } from './rail.js';
export { routableAgain, routableOf } from './routable.js';
export type { Routable } from './routable.js';
export { mostCandidates, rankCandidates, route } from './routing.js';
export type { CandidateAgent, Ranked, Route, RouteInput, RouteStrategy, Unrouted } from './routing.js';
export { claimOf } from './standing.js';
export { stemOf } from './stem.js';
export { byteLength } from './text.js';
export { leaseTimerId, timersAfter } from './timers.js';
export type { PacketTimer, PacketTimerId, TimerChanges } from './timers.js';
export { toDocument } from './to-document.js';
export { upcast } from './upcast.js';
export type { RawEvent } from './upcast.js';
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
export type { EventFrame, EventOf, PacketEvent, PacketEventData, PacketEventType } from './events.js';
export { after, epochOf, instantAt, nthId, parseInstant, parsePacketId, parseTenantId } from './ids.js';
export type { Brand, CommandId, Instant, PacketId, TenantId } from './ids.js';
export {
  allowed,
  commandsFrom,
  eventsOf,
  isTerminal,
  statusAfter,
  terminal,
  timerCommands,
} from './lifecycle.js';
export { capabilityPools, coversPool, offerOf, ownPools, suits } from './offering.js';
export type { Offer, Taker } from './offering.js';
export type { ContentPatch, DependencyPatch } from './patch.js';
export { rejectionCodes } from './rejections.js';
export type { Rejection, RejectionCode } from './rejections.js';
export { initialState } from './state.js';
export type {
  AwaitingPacket,
  CancelledPacket,
  ClaimedPacket,
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
  StartedPacket,
} from './state.js';
