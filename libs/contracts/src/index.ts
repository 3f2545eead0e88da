export {
  agentAnswerHeaders,
  agentInboxOf,
  agentOperations,
  agentRequests,
  agentRequestsOf,
  agentRequestSubject,
  parseAgentRequest,
} from './agent-api.js';
export type { AgentOperation, AgentSubject } from './agent-api.js';
export type { CommandReply, CommandRequest, RequestMeta, SendCommand } from './command-wire.js';
export { feedMessage } from './feed-message.js';
export type { FedEvent, FeedMessage, FeedState, PositionMessage } from './feed-message.js';
export {
  deadLetterHeaders,
  eventHeaders,
  feedHeaders,
  httpHeaders,
  logHeaders,
  timerHeaders,
} from './headers.js';
export { formatPosition, parsePosition, placeBefore } from './position.js';
export { edgeCodes, problems, problemTypeBase } from './problems.js';
export type { Problem, ProblemCode, ProblemKind } from './problems.js';
export { callEndSubject, callSubject, serviceOfCall } from './service-calls.js';
export type {
  AnswerCall,
  CallReply,
  CallType,
  ClaimNextCall,
  Heartbeat,
  HeartbeatCall,
  HookCall,
  HookSinceCall,
  ReplayDeliveryCall,
  SendCall,
  ServiceCalls,
} from './service-calls.js';
export {
  agentSubject,
  auditSubject,
  auditSubjects,
  buckets,
  commandsOf,
  commandSubject,
  consumers,
  deadLetterSubject,
  deliveriesDueSubject,
  deniedSubject,
  feedSubject,
  feedSubjects,
  packetSubject,
  packetSubjects,
  positionSubject,
  quotaSubject,
  rateSubject,
  rateSubjects,
  serviceOf,
  streams,
  streamSlotSubject,
  streamSlotSubjects,
  tenantSubjects,
  timerCancelSubject,
  timerConsumer,
  timerSubject,
  timerSubjects,
} from './subjects.js';
export type { AgentNews, CommandService, RateWindowName } from './subjects.js';
export {
  ClaimNextBody,
  ClaimPacketBody,
  ClaimPacketsBody,
  CompletePacketBody,
  CompletePacketsBody,
  CreatePacketsBody,
  FailPacketBody,
  HeartbeatBody,
  ReasonBody,
  ReasonsBody,
  RejectPacketBody,
  ReleasePacketBody,
  ReportProgressBody,
  StartPacketBody,
} from './http/command-bodies.js';
export {
  AgentListQuery,
  maxAgentMetadataBytes,
  RegisterAgentBody,
  SetEdgesBody,
} from './http/agent-bodies.js';
export { ApprovalDocument, RequestApprovalBody, RespondBody } from './http/approval-bodies.js';
export { readQuery, validatorOf } from './http/body-validator.js';
export type { BodyValidator } from './http/body-validator.js';
export {
  ChangeKeyBody,
  ChangeTenantBody,
  CreateKeyBody,
  CreateTenantBody,
  RotateKeyBody,
  SignUpBody,
} from './http/control-bodies.js';
export type { ChannelRight } from './http/control-bodies.js';
export {
  ChangeHookBody,
  CreateHookBody,
  DeliveryListQuery,
  HookListQuery,
  RotateSecretBody,
  SinceBody,
} from './http/hook-bodies.js';
export { CreateLinkBody } from './http/link-bodies.js';
export { maxFieldErrors } from './http/explain.js';
export type { FieldError } from './http/explain.js';
export type { JsonSchema } from './http/json-schema.js';
export { apiSchemas, packetSchema } from './http/published.js';
export { ChainPacketBody, CreatePacketBody, UpdatePacketBody } from './http/packet-bodies.js';
export { PacketFilterBody } from './http/packet-filter.js';
export { PacketDocumentBody, packetStatuses } from './http/packet-document.js';
export {
  ApprovalListQuery,
  AuditQuery,
  FeedQuery,
  NoQuery,
  PacketListQuery,
  PacketQuery,
  PacketSearchQuery,
  PageQuery,
} from './http/query-strings.js';
export { RegisterSchemaBody, SchemaListQuery } from './http/schema-bodies.js';
export { PreviewRouteBody } from './http/route-bodies.js';
export type { BodyClass } from './http/rules.js';
export { limitsOf, tiers } from './tiers.js';
export type { LimitName, Limits, Tier } from './tiers.js';
