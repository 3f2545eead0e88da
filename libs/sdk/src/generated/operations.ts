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
  packets_create: { query: undefined; body: CreatePacketBody; answer: PacketDocument };
  packets_list: {
    query: {
      /** created_at when left out. */
      sort?: 'created_at' | 'updated_at' | 'priority' | 'deadline' | null | undefined;
      /** desc when left out. */
      order?: 'asc' | 'desc' | null | undefined;
      source_agent?: string | null | undefined;
      target_agent?: string | null | undefined;
      claimed_by?: string | null | undefined;
      /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
      priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
      /** Created after this instant. */
      created_after?: string | null | undefined;
      /** Created before this instant. */
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
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
      /** Any of these, separated by commas. */
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
      /** All of these, separated by commas. */
      tags?: string[] | null | string | undefined;
      /** Entries to skip; a cursor goes further and stays stable. */
      offset?: number | null | undefined;
    };
    body: undefined;
    answer: PacketListDocument;
  };
  packets_chain: { query: undefined; body: ChainPacketBody; answer: PacketDocument };
  packets_update: { query: undefined; body: UpdatePacketBody; answer: PacketDocument };
  packets_cancel: { query: undefined; body: undefined; answer: undefined };
  packets_get: {
    query: {
      /** ancestors adds the merged context of the chain. */
      expand?: 'ancestors'[] | null | 'ancestors' | undefined;
    };
    body: undefined;
    answer: PacketDocument;
  };
  commands_claimNext: {
    query: undefined;
    body: ClaimNextBody;
    answer: {
      packets: PacketDocument[];
    };
  };
  commands_claim: { query: undefined; body: ClaimPacketBody; answer: PacketDocument };
  commands_heartbeat: { query: undefined; body: HeartbeatBody; answer: HeartbeatDocument };
  commands_start: { query: undefined; body: StartPacketBody; answer: PacketDocument };
  commands_progress: { query: undefined; body: ReportProgressBody; answer: PacketDocument };
  commands_complete: { query: undefined; body: CompletePacketBody; answer: PacketDocument };
  commands_fail: { query: undefined; body: FailPacketBody; answer: PacketDocument };
  commands_reject: { query: undefined; body: RejectPacketBody; answer: PacketDocument };
  commands_release: { query: undefined; body: ReleasePacketBody; answer: PacketDocument };
  commands_requestApproval: { query: undefined; body: RequestApprovalBody; answer: PacketDocument };
  commands_retry: { query: undefined; body: ReasonBody; answer: PacketDocument };
  commands_cancel: { query: undefined; body: ReasonBody; answer: PacketDocument };
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
  packets_search: {
    query: {
      /** Words; "quotes", -minus and or as in web search. */
      q: string;
      source_agent?: string | null | undefined;
      target_agent?: string | null | undefined;
      claimed_by?: string | null | undefined;
      /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
      priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
      /** Created after this instant. */
      created_after?: string | null | undefined;
      /** Created before this instant. */
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
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
      /** Any of these, separated by commas. */
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
      /** All of these, separated by commas. */
      tags?: string[] | null | string | undefined;
      /** Entries to skip; a cursor goes further and stays stable. */
      offset?: number | null | undefined;
    };
    body: undefined;
    answer: PacketSearchDocument;
  };
  packets_awaiting: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: PacketListDocument;
  };
  packets_history: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: HistoryDocument;
  };
  packets_lineage: { query: undefined; body: undefined; answer: LineageDocument };
  system_stats: { query: undefined; body: undefined; answer: StatsDocument };
  approvals_list: {
    query: {
      /** Any of these, separated by commas. */
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
      /** Id of a user or a group: what names it, and what anybody may answer. */
      approver?: string | null | undefined;
      /** Open, and past the time to answer or to the next step. */
      overdue?: boolean | null | undefined;
      /** A UUID. */
      packet_id?: string | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: ApprovalListDocument;
  };
  commands_respond: { query: undefined; body: RespondBody; answer: PacketDocument };
  approvals_get: { query: undefined; body: undefined; answer: ApprovalDocument };
  commands_respondToApproval: { query: undefined; body: RespondBody; answer: PacketDocument };
  approvals_createLink: { query: undefined; body: CreateLinkBody; answer: MadeLinkDocument };
  approvals_listLinks: { query: undefined; body: undefined; answer: LinkListDocument };
  approvals_revokeLink: { query: undefined; body: undefined; answer: undefined };
  agents_register: { query: undefined; body: RegisterAgentBody; answer: AgentDocument };
  agents_get: { query: undefined; body: undefined; answer: AgentDocument };
  agents_remove: { query: undefined; body: undefined; answer: undefined };
  agents_list: {
    query: {
      /** All of these; repeat it, or use commas. */
      capability?: string[] | null | string | undefined;
      /** Whether the agent has been heard of lately. */
      present?: boolean | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: AgentListDocument;
  };
  agents_heartbeat: { query: undefined; body: undefined; answer: PresenceDocument };
  routing_put: { query: undefined; body: SetEdgesBody; answer: EdgesDocument };
  routing_get: { query: undefined; body: undefined; answer: EdgesDocument };
  routing_preview: { query: undefined; body: PreviewRouteBody; answer: RoutePreviewDocument };
  webhooks_createHook: { query: undefined; body: CreateHookBody; answer: MadeHookDocument };
  webhooks_listHooks: {
    query: {
      /** All but the deleted when left out. */
      status?: 'active' | 'disabled' | 'deleted' | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: HookListDocument;
  };
  webhooks_getHook: { query: undefined; body: undefined; answer: HookDocument };
  webhooks_changeHook: { query: undefined; body: ChangeHookBody; answer: HookDocument };
  webhooks_deleteHook: { query: undefined; body: undefined; answer: undefined };
  webhooks_enableHook: { query: undefined; body: undefined; answer: HookDocument };
  webhooks_rotateSecret: { query: undefined; body: RotateSecretBody; answer: RotatedSecretDocument };
  webhooks_listDeadLetters: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: DeliveryListDocument;
  };
  webhooks_replayDelivery: { query: undefined; body: undefined; answer: SentDeliveryDocument };
  webhooks_listDeliveries: {
    query: {
      status?: 'pending' | 'delivering' | 'delivered' | 'failed' | 'dead_letter' | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: DeliveryListDocument;
  };
  webhooks_testHook: { query: undefined; body: undefined; answer: SentDeliveryDocument };
  webhooks_recoverHook: { query: undefined; body: SinceBody; answer: RecoveredDocument };
  webhooks_replayMissing: { query: undefined; body: SinceBody; answer: StartedReplayDocument };
  schemas_registerSchema: { query: undefined; body: RegisterSchemaBody; answer: SchemaDocument };
  schemas_listSchemas: {
    query: {
      /** The versions of this name. */
      name?: string | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: SchemaListDocument;
  };
  schemas_getSchema: { query: undefined; body: undefined; answer: SchemaDocument };
  schemas_deleteSchema: { query: undefined; body: undefined; answer: undefined };
  control_createKey: { query: undefined; body: CreateKeyBody; answer: MadeKeyDocument };
  control_listKeys: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: KeyListDocument;
  };
  control_revokeKey: { query: undefined; body: undefined; answer: undefined };
  control_changeKey: { query: undefined; body: ChangeKeyBody; answer: KeyDocument };
  control_rotateKey: { query: undefined; body: RotateKeyBody; answer: MadeKeyDocument };
  control_createTenant: { query: undefined; body: CreateTenantBody; answer: TenantDocument };
  control_listTenants: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: TenantListDocument;
  };
  control_getTenant: { query: undefined; body: undefined; answer: TenantDocument };
  control_changeTenant: { query: undefined; body: ChangeTenantBody; answer: TenantDocument };
  control_deleteTenant: { query: undefined; body: undefined; answer: undefined };
  control_listTenantKeys: {
    query: {
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: KeyListDocument;
  };
  control_listAudit: {
    query: {
      /** Id of an agent or a key, or the first 11 characters of a key. */
      actor?: string | null | undefined;
      /** An action; with `.*` behind its first word all that begin so, such as `control.*`. */
      action?: string | null | undefined;
      /** A UUID. */
      packet_id?: string | null | undefined;
      result?: 'allowed' | 'denied' | null | undefined;
      /** After this instant. */
      created_after?: string | null | undefined;
      /** Before this instant. */
      created_before?: string | null | undefined;
      /** All that the filter lets through instead of a page; goes before the header Accept. */
      format?: 'json' | 'jsonl' | 'csv' | null | undefined;
      /** Entries per page; 50 when left out. */
      limit?: number | null | undefined;
      /** The `next_cursor` of the page before. */
      cursor?: string | null | undefined;
    };
    body: undefined;
    answer: AuditListDocument;
  };
  system_read: { query: undefined; body: undefined; answer: UsageDocument };
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
