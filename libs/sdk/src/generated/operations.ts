/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */

import type {
  PacketDocument,
  PacketListDocument,
  PacketSearchDocument,
  ApprovalListDocument,
  HistoryDocument,
  LineageDocument,
  HeartbeatDocument,
  ApprovalDocument,
  StatsDocument,
  UsageDocument,
  SystemHealthDocument,
  MadeLinkDocument,
  LinkListDocument,
  KeyDocument,
  MadeKeyDocument,
  KeyListDocument,
  TenantDocument,
  TenantListDocument,
  AuditListDocument,
  AgentDocument,
  AgentListDocument,
  PresenceDocument,
  EdgesDocument,
  RoutePreviewDocument,
  HookDocument,
  MadeHookDocument,
  HookListDocument,
  RotatedSecretDocument,
  DeliveryListDocument,
  SentDeliveryDocument,
  RecoveredDocument,
  StartedReplayDocument,
  SchemaDocument,
  SchemaListDocument,
  ProblemDocument,
  CreatePacketBody,
  ChainPacketBody,
  UpdatePacketBody,
  ClaimNextBody,
  ClaimPacketBody,
  HeartbeatBody,
  StartPacketBody,
  ReportProgressBody,
  CompletePacketBody,
  FailPacketBody,
  RejectPacketBody,
  ReleasePacketBody,
  RequestApprovalBody,
  ReasonBody,
  CreatePacketsBody,
  ClaimPacketsBody,
  CompletePacketsBody,
  ReasonsBody,
  RespondBody,
  CreateLinkBody,
  RegisterAgentBody,
  SetEdgesBody,
  PreviewRouteBody,
  CreateHookBody,
  ChangeHookBody,
  RotateSecretBody,
  SinceBody,
  RegisterSchemaBody,
  CreateKeyBody,
  RotateKeyBody,
  ChangeKeyBody,
  CreateTenantBody,
  ChangeTenantBody,
} from './wire.js';

/** Query, body and answer of each operation. */
export interface Operations {
  /** Create a packet: `POST /packets`. Refused with `edge_not_allowed`, `chain_too_deep`, `packet_too_large`, `validation_failed`, `daily_limit_reached`. */
  packets_create: { query: undefined; body: CreatePacketBody; answer: PacketDocument };
  /** List packets: `GET /packets`. Refused with `validation_failed`. */
  packets_list: {
    query: {
      /** created_at when left out. */
      sort?: 'created_at' | 'updated_at' | 'priority' | 'deadline' | null | undefined;
      /** desc when left out. */
      order?: 'asc' | 'desc' | null | undefined;
      /** 1 to 256 characters. */
      source_agent?: string | null | undefined;
      /** 1 to 256 characters. */
      target_agent?: string | null | undefined;
      /** 1 to 256 characters. */
      claimed_by?: string | null | undefined;
      /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
      priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
      /** Created after this instant. An RFC 3339 instant. */
      created_after?: string | null | undefined;
      /** Created before this instant. An RFC 3339 instant. */
      created_before?: string | null | undefined;
      /** Whether it was ever to wait for a person. */
      hitl_required?: boolean | null | undefined;
      /** Failed with every attempt used up. */
      dead_letter?: boolean | null | undefined;
      /** Live, and past its deadline. */
      overdue?: boolean | null | undefined;
      /** A UUID. */
      parent_packet_id?: string | null | undefined;
      /** A UUID. */
      root_id?: string | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
      /** Any of these, separated by commas. 1 to 9 entries. */
      status?:
        | (
            | 'created'
            | 'claimed'
            | 'in_progress'
            | 'awaiting_human'
            | 'completed'
            | 'failed'
            | 'rejected'
            | 'cancelled'
            | 'expired'
          )[]
        | null
        | 'created'
        | 'claimed'
        | 'in_progress'
        | 'awaiting_human'
        | 'completed'
        | 'failed'
        | 'rejected'
        | 'cancelled'
        | 'expired'
        | undefined;
      /** All of these, separated by commas. 1 to 64 entries, each 1 to 128 characters. */
      tags?: string[] | null | string | undefined;
      /** Entries to skip; a cursor goes further and stays stable. 0 to 10,000. */
      offset?: number | null | undefined;
    };
    body: undefined;
    answer: PacketListDocument;
  };
  /** Hand a packet on: `POST /packets/{id}/chain`. Refused with `not_the_claimant`, `not_the_source`, `edge_not_allowed`, `not_found`, `stale_claim`, `awaiting_human`, `chain_too_deep`, `revision_mismatch`, `packet_too_large`, `validation_failed`, `daily_limit_reached`. */
  packets_chain: { query: undefined; body: ChainPacketBody; answer: PacketDocument };
  /** Update the content of a packet: `PATCH /packets/{id}`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  packets_update: { query: undefined; body: UpdatePacketBody; answer: PacketDocument };
  /** Cancel a packet: `DELETE /packets/{id}`. Refused with `not_the_source`, `not_found`, `stale_claim`, `invalid_transition`, `revision_mismatch`. */
  packets_cancel: { query: undefined; body: undefined; answer: undefined };
  /** Get a packet: `GET /packets/{id}`. Refused with `not_found`, `validation_failed`. */
  packets_get: {
    query: {
      /** ancestors adds the merged context of the chain. 1 entry. */
      expand?: 'ancestors'[] | null | 'ancestors' | undefined;
    };
    body: undefined;
    answer: PacketDocument;
  };
  /** Claim the next packets: `POST /packets/claim-next`. Refused with `packet_too_large`, `validation_failed`. */
  commands_claimNext: {
    query: undefined;
    body: ClaimNextBody;
    answer: {
      packets: PacketDocument[];
    };
  };
  /** Claim a packet: `POST /packets/{id}/claim`. Refused with `not_the_target`, `not_found`, `stale_claim`, `invalid_transition`, `already_claimed`, `not_yet_available`, `awaiting_human`, `packet_expired`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_claim: { query: undefined; body: ClaimPacketBody; answer: PacketDocument };
  /** Keep a claim: `POST /packets/{id}/heartbeat`. Refused with `not_the_claimant`, `not_found`, `packet_too_large`, `validation_failed`. */
  commands_heartbeat: { query: undefined; body: HeartbeatBody; answer: HeartbeatDocument };
  /** Start the work: `POST /packets/{id}/start`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_start: { query: undefined; body: StartPacketBody; answer: PacketDocument };
  /** Report progress: `POST /packets/{id}/progress`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_progress: { query: undefined; body: ReportProgressBody; answer: PacketDocument };
  /** Complete the work: `POST /packets/{id}/complete`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_complete: { query: undefined; body: CompletePacketBody; answer: PacketDocument };
  /** Report that the work failed: `POST /packets/{id}/fail`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_fail: { query: undefined; body: FailPacketBody; answer: PacketDocument };
  /** Refuse to take the work: `POST /packets/{id}/reject`. Refused with `not_the_claimant`, `not_the_target`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_reject: { query: undefined; body: RejectPacketBody; answer: PacketDocument };
  /** Give a claim back: `POST /packets/{id}/release`. Refused with `not_the_claimant`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_release: { query: undefined; body: ReleasePacketBody; answer: PacketDocument };
  /** Ask people to decide: `POST /packets/{id}/request-approval`. Refused with `not_the_claimant`, `not_the_source`, `not_found`, `stale_claim`, `invalid_transition`, `awaiting_human`, `claim_token_required`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_requestApproval: { query: undefined; body: RequestApprovalBody; answer: PacketDocument };
  /** Offer an ended packet again: `POST /packets/{id}/retry`. Refused with `not_the_source`, `not_found`, `stale_claim`, `invalid_transition`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_retry: { query: undefined; body: ReasonBody; answer: PacketDocument };
  /** Cancel a packet: `POST /packets/{id}/cancel`. Refused with `not_the_source`, `not_found`, `stale_claim`, `invalid_transition`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_cancel: { query: undefined; body: ReasonBody; answer: PacketDocument };
  /** Create up to 500 packets: `POST /packets/batch`. Refused with `packet_too_large`, `validation_failed`. */
  batches_create: {
    query: undefined;
    body: CreatePacketsBody;
    answer: {
      created: PacketDocument[];
      errors: {
        index?: number | undefined;
        error: ProblemDocument;
      }[];
    };
  };
  /** Claim up to 500 packets: `POST /packets/batch/claim`. Refused with `packet_too_large`, `validation_failed`. */
  batches_claim: {
    query: undefined;
    body: ClaimPacketsBody;
    answer: {
      claimed: PacketDocument[];
      errors: {
        packet_id?: string | undefined;
        error: ProblemDocument;
      }[];
    };
  };
  /** Complete up to 500 packets: `POST /packets/batch/complete`. Refused with `packet_too_large`, `validation_failed`. */
  batches_complete: {
    query: undefined;
    body: CompletePacketsBody;
    answer: {
      completed: PacketDocument[];
      errors: {
        packet_id?: string | undefined;
        error: ProblemDocument;
      }[];
    };
  };
  /** Retry up to 500 packets: `POST /packets/batch/retry`. Refused with `packet_too_large`, `validation_failed`. */
  batches_retry: {
    query: undefined;
    body: ReasonsBody;
    answer: {
      retried: PacketDocument[];
      errors: {
        packet_id?: string | undefined;
        error: ProblemDocument;
      }[];
      /** What the filter chose, oldest first. */
      packet_ids?: string[] | undefined;
      /** How many packets the filter matches. */
      matched?: number | undefined;
      /** There are more than were counted. */
      matched_capped?: boolean | undefined;
      /** Nothing was done. */
      dry_run?: boolean | undefined;
    };
  };
  /** Cancel up to 500 packets: `POST /packets/batch/cancel`. Refused with `packet_too_large`, `validation_failed`. */
  batches_cancel: {
    query: undefined;
    body: ReasonsBody;
    answer: {
      cancelled: PacketDocument[];
      errors: {
        packet_id?: string | undefined;
        error: ProblemDocument;
      }[];
      /** What the filter chose, oldest first. */
      packet_ids?: string[] | undefined;
      /** How many packets the filter matches. */
      matched?: number | undefined;
      /** There are more than were counted. */
      matched_capped?: boolean | undefined;
      /** Nothing was done. */
      dry_run?: boolean | undefined;
    };
  };
  /** Search packets: `GET /packets/search`. Refused with `validation_failed`. */
  packets_search: {
    query: {
      /** Words; "quotes", -minus and or as in web search. 2 to 500 characters. */
      q: string;
      /** 1 to 256 characters. */
      source_agent?: string | null | undefined;
      /** 1 to 256 characters. */
      target_agent?: string | null | undefined;
      /** 1 to 256 characters. */
      claimed_by?: string | null | undefined;
      /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
      priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
      /** Created after this instant. An RFC 3339 instant. */
      created_after?: string | null | undefined;
      /** Created before this instant. An RFC 3339 instant. */
      created_before?: string | null | undefined;
      /** Whether it was ever to wait for a person. */
      hitl_required?: boolean | null | undefined;
      /** Failed with every attempt used up. */
      dead_letter?: boolean | null | undefined;
      /** Live, and past its deadline. */
      overdue?: boolean | null | undefined;
      /** A UUID. */
      parent_packet_id?: string | null | undefined;
      /** A UUID. */
      root_id?: string | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
      /** Any of these, separated by commas. 1 to 9 entries. */
      status?:
        | (
            | 'created'
            | 'claimed'
            | 'in_progress'
            | 'awaiting_human'
            | 'completed'
            | 'failed'
            | 'rejected'
            | 'cancelled'
            | 'expired'
          )[]
        | null
        | 'created'
        | 'claimed'
        | 'in_progress'
        | 'awaiting_human'
        | 'completed'
        | 'failed'
        | 'rejected'
        | 'cancelled'
        | 'expired'
        | undefined;
      /** All of these, separated by commas. 1 to 64 entries, each 1 to 128 characters. */
      tags?: string[] | null | string | undefined;
      /** Entries to skip; a cursor goes further and stays stable. 0 to 10,000. */
      offset?: number | null | undefined;
    };
    body: undefined;
    answer: PacketSearchDocument;
  };
  /** List packets that wait for a person: `GET /packets/awaiting`. Refused with `validation_failed`. */
  packets_awaiting: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: PacketListDocument;
  };
  /** Get the history of a packet: `GET /packets/{id}/history`. Refused with `not_found`, `validation_failed`. */
  packets_history: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: HistoryDocument;
  };
  /** Get the chain of a packet: `GET /packets/{id}/lineage`. Refused with `not_found`, `validation_failed`. */
  packets_lineage: { query: undefined; body: undefined; answer: LineageDocument };
  /** Get statistics: `GET /stats`. Refused with `validation_failed`. */
  system_stats: { query: undefined; body: undefined; answer: StatsDocument };
  /** List approvals: `GET /approvals`. Refused with `validation_failed`. */
  approvals_list: {
    query: {
      /** Any of these, separated by commas. 1 to 6 entries. */
      state?:
        | ('open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided')[]
        | null
        | 'open'
        | 'approved'
        | 'denied'
        | 'answered'
        | 'timed_out'
        | 'voided'
        | undefined;
      /** Id of a user or a group: what names it, and what anybody may answer. 1 to 256 characters. */
      approver?: string | null | undefined;
      /** Open, and past the time to answer or to the next step. */
      overdue?: boolean | null | undefined;
      /** A UUID. */
      packet_id?: string | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: ApprovalListDocument;
  };
  /** Answer what a packet waits for: `POST /packets/{id}/respond`. Refused with `not_found`, `approval_closed`, `invalid_transition`, `approval_timed_out`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_respond: { query: undefined; body: RespondBody; answer: PacketDocument };
  /** Get a checkpoint: `GET /approvals/{id}`. Refused with `not_found`. */
  approvals_get: { query: undefined; body: undefined; answer: ApprovalDocument };
  /** Answer a checkpoint: `POST /approvals/{id}/respond`. Refused with `not_found`, `approval_closed`, `invalid_transition`, `approval_timed_out`, `revision_mismatch`, `packet_too_large`, `validation_failed`. */
  commands_respondToApproval: { query: undefined; body: RespondBody; answer: PacketDocument };
  /** Make a one-time link for an approver: `POST /approvals/{id}/links`. Refused with `not_found`, `approval_closed`, `approval_timed_out`, `validation_failed`. */
  approvals_createLink: { query: undefined; body: CreateLinkBody; answer: MadeLinkDocument };
  /** List the links of a checkpoint: `GET /approvals/{id}/links`. Refused with `not_found`. */
  approvals_listLinks: { query: undefined; body: undefined; answer: LinkListDocument };
  /** Revoke a link: `DELETE /approvals/{id}/links/{link_id}`. Refused with `not_found`. */
  approvals_revokeLink: { query: undefined; body: undefined; answer: undefined };
  /** Register an agent, or change it: `PUT /agents/{agent_id}`. Refused with `too_many_agents`, `not_found`, `validation_failed`. */
  agents_register: { query: undefined; body: RegisterAgentBody; answer: AgentDocument };
  /** Get an agent: `GET /agents/{agent_id}`. Refused with `not_found`, `validation_failed`. */
  agents_get: { query: undefined; body: undefined; answer: AgentDocument };
  /** Take an agent out: `DELETE /agents/{agent_id}`. Refused with `not_found`. */
  agents_remove: { query: undefined; body: undefined; answer: undefined };
  /** List agents: `GET /agents`. Refused with `validation_failed`. */
  agents_list: {
    query: {
      /** All of these; repeat it, or use commas. 1 to 100 entries, each 1 to 64 characters, as `^\s*[^\s,][^,]*$`. */
      capability?: string[] | null | string | undefined;
      /** Whether the agent has been heard of lately. */
      present?: boolean | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: AgentListDocument;
  };
  /** Say that an agent is there: `POST /agents/{agent_id}/heartbeat`. Refused with `not_found`. */
  agents_heartbeat: { query: undefined; body: undefined; answer: PresenceDocument };
  /** Set the allowed handoffs: `PUT /routing/edges`. Refused with `validation_failed`. */
  routing_put: { query: undefined; body: SetEdgesBody; answer: EdgesDocument };
  /** Get the allowed handoffs: `GET /routing/edges`. Refused with `validation_failed`. */
  routing_get: { query: undefined; body: undefined; answer: EdgesDocument };
  /** Ask to whom a packet would go: `POST /route`. Refused with `edge_not_allowed`, `validation_failed`. */
  routing_preview: { query: undefined; body: PreviewRouteBody; answer: RoutePreviewDocument };
  /** Make a webhook: `POST /hooks`. Refused with `too_many_webhooks`, `validation_failed`. */
  webhooks_createHook: { query: undefined; body: CreateHookBody; answer: MadeHookDocument };
  /** List webhooks: `GET /hooks`. Refused with `validation_failed`. */
  webhooks_listHooks: {
    query: {
      /** All but the deleted when left out. */
      status?: 'active' | 'disabled' | 'deleted' | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: HookListDocument;
  };
  /** Get a webhook: `GET /hooks/{id}`. Refused with `not_found`, `validation_failed`. */
  webhooks_getHook: { query: undefined; body: undefined; answer: HookDocument };
  /** Change a webhook: `PATCH /hooks/{id}`. Refused with `not_found`, `validation_failed`. */
  webhooks_changeHook: { query: undefined; body: ChangeHookBody; answer: HookDocument };
  /** Delete a webhook: `DELETE /hooks/{id}`. Refused with `not_found`. */
  webhooks_deleteHook: { query: undefined; body: undefined; answer: undefined };
  /** Enable a webhook: `POST /hooks/{id}/enable`. Refused with `too_many_webhooks`, `not_found`. */
  webhooks_enableHook: { query: undefined; body: undefined; answer: HookDocument };
  /** Rotate the secret of a webhook: `POST /hooks/{id}/rotate-secret`. Refused with `not_found`, `validation_failed`. */
  webhooks_rotateSecret: { query: undefined; body: RotateSecretBody; answer: RotatedSecretDocument };
  /** List dead letters: `GET /hooks/dlq`. Refused with `validation_failed`. */
  webhooks_listDeadLetters: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: DeliveryListDocument;
  };
  /** Send a dead letter again: `POST /hooks/dlq/{delivery_id}/replay`. Refused with `not_found`, `hook_disabled`. */
  webhooks_replayDelivery: { query: undefined; body: undefined; answer: SentDeliveryDocument };
  /** List the deliveries of a webhook: `GET /hooks/{id}/deliveries`. Refused with `not_found`, `validation_failed`. */
  webhooks_listDeliveries: {
    query: {
      status?: 'pending' | 'delivering' | 'delivered' | 'failed' | 'dead_letter' | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: DeliveryListDocument;
  };
  /** Send a test event: `POST /hooks/{id}/test`. Refused with `not_found`, `hook_disabled`. */
  webhooks_testHook: { query: undefined; body: undefined; answer: SentDeliveryDocument };
  /** Send again what failed: `POST /hooks/{id}/recover`. Refused with `not_found`, `hook_disabled`, `validation_failed`. */
  webhooks_recoverHook: { query: undefined; body: SinceBody; answer: RecoveredDocument };
  /** Send what a webhook never got: `POST /hooks/{id}/replay-missing`. Refused with `not_found`, `hook_disabled`, `validation_failed`. */
  webhooks_replayMissing: { query: undefined; body: SinceBody; answer: StartedReplayDocument };
  /** Register a schema: `POST /schemas`. Refused with `already_exists`, `too_many_schemas`, `validation_failed`. */
  schemas_registerSchema: { query: undefined; body: RegisterSchemaBody; answer: SchemaDocument };
  /** List schemas: `GET /schemas`. Refused with `validation_failed`. */
  schemas_listSchemas: {
    query: {
      /** The versions of this name. 1 to 128 characters. */
      name?: string | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: SchemaListDocument;
  };
  /** Get a schema: `GET /schemas/{id}`. Refused with `not_found`, `validation_failed`. */
  schemas_getSchema: { query: undefined; body: undefined; answer: SchemaDocument };
  /** Delete a schema: `DELETE /schemas/{id}`. Refused with `not_found`, `schema_in_use`. */
  schemas_deleteSchema: { query: undefined; body: undefined; answer: undefined };
  /** Make an API key: `POST /keys`. Refused with `validation_failed`. */
  control_createKey: { query: undefined; body: CreateKeyBody; answer: MadeKeyDocument };
  /** List the API keys: `GET /keys`. Refused with `validation_failed`. */
  control_listKeys: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: KeyListDocument;
  };
  /** Revoke an API key: `DELETE /keys/{id}`. Refused with `not_found`, `last_admin_key`. */
  control_revokeKey: { query: undefined; body: undefined; answer: undefined };
  /** Change an API key: `PATCH /keys/{id}`. Refused with `not_found`, `last_admin_key`, `key_not_current`, `validation_failed`. */
  control_changeKey: { query: undefined; body: ChangeKeyBody; answer: KeyDocument };
  /** Rotate an API key: `POST /keys/{id}/rotate`. Refused with `not_found`, `key_not_current`, `validation_failed`. */
  control_rotateKey: { query: undefined; body: RotateKeyBody; answer: MadeKeyDocument };
  /** Make a tenant: `POST /tenants`. Refused with `already_exists`, `validation_failed`. */
  control_createTenant: { query: undefined; body: CreateTenantBody; answer: TenantDocument };
  /** List the tenants: `GET /tenants`. Refused with `validation_failed`. */
  control_listTenants: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: TenantListDocument;
  };
  /** Get a tenant: `GET /tenants/{id}`. Refused with `not_found`, `validation_failed`. */
  control_getTenant: { query: undefined; body: undefined; answer: TenantDocument };
  /** Change a tenant: `PATCH /tenants/{id}`. Refused with `not_found`, `already_exists`, `validation_failed`. */
  control_changeTenant: { query: undefined; body: ChangeTenantBody; answer: TenantDocument };
  /** Delete a tenant: `DELETE /tenants/{id}`. Refused with `not_found`. */
  control_deleteTenant: { query: undefined; body: undefined; answer: undefined };
  /** List the API keys of a tenant: `GET /tenants/{id}/keys`. Refused with `not_found`, `validation_failed`. */
  control_listTenantKeys: {
    query: {
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: KeyListDocument;
  };
  /** Read the audit: `GET /audit`. Refused with `validation_failed`. */
  control_listAudit: {
    query: {
      /** Id of an agent or a key, or the first 11 characters of a key. 1 to 256 characters. */
      actor?: string | null | undefined;
      /** An action; with `.*` behind its first word all that begin so, such as `control.*`. 1 to 64 characters, as `^[a-z][a-z_]*(?:\.(?:[a-z_]+|\*))?$`. */
      action?: string | null | undefined;
      /** A UUID. */
      packet_id?: string | null | undefined;
      result?: 'allowed' | 'denied' | null | undefined;
      /** After this instant. An RFC 3339 instant. */
      created_after?: string | null | undefined;
      /** Before this instant. An RFC 3339 instant. */
      created_before?: string | null | undefined;
      /** All that the filter lets through instead of a page; goes before the header Accept. */
      format?: 'json' | 'jsonl' | 'csv' | null | undefined;
      /** Entries per page; 50 when left out. 1 to 200. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. 1 to 1,024 characters. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: AuditListDocument;
  };
  /** Get the limits of the tenant, and what is used of them: `GET /usage`. Refused with `validation_failed`. */
  system_read: { query: undefined; body: undefined; answer: UsageDocument };
  /** Get the health of the rail: `GET /system/health`. Refused with `validation_failed`. */
  system_show: { query: undefined; body: undefined; answer: SystemHealthDocument };
}

/** Method and path of each operation, then what it understands beside its body. */
export const operations = {
  packets_create: 'POST /packets idempotent',
  packets_list: 'GET /packets position',
  packets_chain: 'POST /packets/{id}/chain idempotent claim',
  packets_update: 'PATCH /packets/{id} idempotent claim',
  packets_cancel: 'DELETE /packets/{id} claim',
  packets_get: 'GET /packets/{id}',
  commands_claimNext: 'POST /packets/claim-next idempotent',
  commands_claim: 'POST /packets/{id}/claim idempotent claim',
  commands_heartbeat: 'POST /packets/{id}/heartbeat',
  commands_start: 'POST /packets/{id}/start idempotent claim',
  commands_progress: 'POST /packets/{id}/progress idempotent claim',
  commands_complete: 'POST /packets/{id}/complete idempotent claim',
  commands_fail: 'POST /packets/{id}/fail idempotent claim',
  commands_reject: 'POST /packets/{id}/reject idempotent claim',
  commands_release: 'POST /packets/{id}/release idempotent claim',
  commands_requestApproval: 'POST /packets/{id}/request-approval idempotent claim',
  commands_retry: 'POST /packets/{id}/retry idempotent claim',
  commands_cancel: 'POST /packets/{id}/cancel idempotent claim',
  batches_create: 'POST /packets/batch idempotent',
  batches_claim: 'POST /packets/batch/claim idempotent',
  batches_complete: 'POST /packets/batch/complete idempotent',
  batches_retry: 'POST /packets/batch/retry idempotent position',
  batches_cancel: 'POST /packets/batch/cancel idempotent position',
  packets_search: 'GET /packets/search position',
  packets_awaiting: 'GET /packets/awaiting position',
  packets_history: 'GET /packets/{id}/history position',
  packets_lineage: 'GET /packets/{id}/lineage position',
  system_stats: 'GET /stats position',
  approvals_list: 'GET /approvals position',
  commands_respond: 'POST /packets/{id}/respond idempotent',
  approvals_get: 'GET /approvals/{id}',
  commands_respondToApproval: 'POST /approvals/{id}/respond idempotent',
  approvals_createLink: 'POST /approvals/{id}/links idempotent',
  approvals_listLinks: 'GET /approvals/{id}/links',
  approvals_revokeLink: 'DELETE /approvals/{id}/links/{link_id}',
  agents_register: 'PUT /agents/{agent_id}',
  agents_get: 'GET /agents/{agent_id}',
  agents_remove: 'DELETE /agents/{agent_id}',
  agents_list: 'GET /agents',
  agents_heartbeat: 'POST /agents/{agent_id}/heartbeat',
  routing_put: 'PUT /routing/edges',
  routing_get: 'GET /routing/edges',
  routing_preview: 'POST /route',
  webhooks_createHook: 'POST /hooks idempotent',
  webhooks_listHooks: 'GET /hooks',
  webhooks_getHook: 'GET /hooks/{id}',
  webhooks_changeHook: 'PATCH /hooks/{id}',
  webhooks_deleteHook: 'DELETE /hooks/{id}',
  webhooks_enableHook: 'POST /hooks/{id}/enable',
  webhooks_rotateSecret: 'POST /hooks/{id}/rotate-secret',
  webhooks_listDeadLetters: 'GET /hooks/dlq',
  webhooks_replayDelivery: 'POST /hooks/dlq/{delivery_id}/replay',
  webhooks_listDeliveries: 'GET /hooks/{id}/deliveries',
  webhooks_testHook: 'POST /hooks/{id}/test',
  webhooks_recoverHook: 'POST /hooks/{id}/recover',
  webhooks_replayMissing: 'POST /hooks/{id}/replay-missing',
  schemas_registerSchema: 'POST /schemas idempotent',
  schemas_listSchemas: 'GET /schemas',
  schemas_getSchema: 'GET /schemas/{id}',
  schemas_deleteSchema: 'DELETE /schemas/{id}',
  control_createKey: 'POST /keys idempotent',
  control_listKeys: 'GET /keys',
  control_revokeKey: 'DELETE /keys/{id}',
  control_changeKey: 'PATCH /keys/{id}',
  control_rotateKey: 'POST /keys/{id}/rotate idempotent',
  control_createTenant: 'POST /tenants idempotent',
  control_listTenants: 'GET /tenants',
  control_getTenant: 'GET /tenants/{id}',
  control_changeTenant: 'PATCH /tenants/{id}',
  control_deleteTenant: 'DELETE /tenants/{id}',
  control_listTenantKeys: 'GET /tenants/{id}/keys',
  control_listAudit: 'GET /audit position',
  system_read: 'GET /usage position',
  system_show: 'GET /system/health',
} as const satisfies Record<keyof Operations, string>;
