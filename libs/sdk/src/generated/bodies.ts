/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */

/** By name; they refer to each other as `#/$defs/<name>`. */
export const bodySchemas = {
  ActionsBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      pending: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/PendingActionBody' } },
      completed: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/CompletedActionBody' } },
      failed: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/FailedActionBody' } },
    },
  },
  AgentBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      name: { type: 'string', minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      version: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  ApproverBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'kind'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      kind: { type: 'string', enum: ['user', 'group'] },
      name: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  ArtifactBody: {
    type: 'object',
    additionalProperties: false,
    required: ['key'],
    properties: {
      key: { type: 'string', minLength: 1, maxLength: 256 },
      value: { type: ['string', 'object', 'array', 'null'] },
      url: { type: ['string', 'null'], minLength: 1, maxLength: 4096, pattern: '^[A-Za-z][A-Za-z0-9+.-]*:' },
      content_type: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  ChainPacketBody: {
    type: 'object',
    additionalProperties: false,
    required: ['metadata', 'context'],
    properties: {
      inherit: {
        anyOf: [
          { type: 'string', enum: ['all', 'none'] },
          {
            type: 'array',
            maxItems: 6,
            items: {
              type: 'string',
              enum: ['conversation', 'decisions', 'pending_actions', 'dependencies', 'artifacts', 'custom'],
            },
          },
          { type: 'null' },
        ],
      },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      version: {
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 16,
        pattern: '^1\\.\\d{1,4}\\.\\d{1,4}$',
      },
      metadata: { $ref: '#/$defs/MetadataBody' },
      context: { $ref: '#/$defs/ContextBody' },
      decisions: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/DecisionBody' } },
      actions: { anyOf: [{ $ref: '#/$defs/ActionsBody' }, { type: 'null' }] },
      dependencies: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/DependencyBody' } },
      hitl: { anyOf: [{ $ref: '#/$defs/HitlBody' }, { type: 'null' }] },
      routing: { anyOf: [{ $ref: '#/$defs/RoutingBody' }, { type: 'null' }] },
      claim_policy: { type: ['string', 'null'], enum: ['target', 'open', null] },
      retry: { anyOf: [{ $ref: '#/$defs/RetryBody' }, { type: 'null' }] },
      expires_at: { type: ['string', 'null'], format: 'date-time' },
      ttl_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 31536000 },
      schema_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  ClaimNextBody: {
    type: 'object',
    additionalProperties: false,
    required: ['agent_id'],
    properties: {
      capabilities: {
        type: ['array', 'null'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 64 },
      },
      tags: {
        type: ['array', 'null'],
        maxItems: 64,
        items: { type: 'string', minLength: 1, maxLength: 128 },
      },
      max: { type: ['integer', 'null'], minimum: 1, maximum: 50 },
      wait_seconds: { type: ['integer', 'null'], minimum: 0, maximum: 30 },
      agent_id: { type: 'string', minLength: 1, maxLength: 256 },
      agent_name: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      lease_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 43200 },
    },
  },
  ClaimPacketBody: {
    type: 'object',
    additionalProperties: false,
    required: ['agent_id'],
    properties: {
      agent_id: { type: 'string', minLength: 1, maxLength: 256 },
      agent_name: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      lease_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 43200 },
    },
  },
  ClaimPacketsBody: {
    type: 'object',
    additionalProperties: false,
    required: ['packet_ids', 'agent_id'],
    properties: {
      packet_ids: {
        type: 'array',
        maxItems: 500,
        minItems: 1,
        items: { type: 'string', minLength: 1, maxLength: 64 },
      },
      agent_id: { type: 'string', minLength: 1, maxLength: 256 },
      agent_name: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      lease_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 43200 },
    },
  },
  CompletePacketBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      result: {},
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  CompletePacketsBody: {
    type: 'object',
    additionalProperties: false,
    required: ['packet_ids'],
    properties: {
      packet_ids: {
        type: 'array',
        maxItems: 500,
        minItems: 1,
        items: { type: 'string', minLength: 1, maxLength: 64 },
      },
      claim_ids: {
        type: ['object', 'null'],
        additionalProperties: { type: 'string', minLength: 1, maxLength: 128 },
      },
      result: {},
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  CompletedActionBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'description', 'result'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      result: { type: 'string', maxLength: 20000 },
      completed_by: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      completed_at: { type: ['string', 'null'], format: 'date-time' },
      description: { type: 'string', minLength: 1, maxLength: 5000 },
    },
  },
  ContentPatchBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      context: { anyOf: [{ $ref: '#/$defs/ContextPatchBody' }, { type: 'null' }] },
      decisions: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/DecisionBody' } },
      actions: { anyOf: [{ $ref: '#/$defs/ActionsBody' }, { type: 'null' }] },
      dependencies: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/DependencyBody' } },
      metadata: { anyOf: [{ $ref: '#/$defs/MetadataPatchBody' }, { type: 'null' }] },
    },
  },
  ContextBody: {
    type: 'object',
    additionalProperties: false,
    required: ['summary'],
    properties: {
      summary: { type: 'string', minLength: 1, maxLength: 20000 },
      conversation_state: { type: ['array', 'null'], maxItems: 2000, items: { $ref: '#/$defs/TurnBody' } },
      artifacts: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/ArtifactBody' } },
      custom: { type: ['object', 'null'] },
    },
  },
  ContextPatchBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      summary: { type: ['string', 'null'], minLength: 1, maxLength: 20000 },
      conversation_state: { type: ['array', 'null'], maxItems: 2000, items: { $ref: '#/$defs/TurnBody' } },
      artifacts: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/ArtifactBody' } },
      custom: { type: ['object', 'null'] },
      append_conversation: { type: ['array', 'null'], maxItems: 2000, items: { $ref: '#/$defs/TurnBody' } },
      upsert_artifacts: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/ArtifactBody' } },
    },
  },
  CreatePacketBody: {
    type: 'object',
    additionalProperties: false,
    required: ['metadata', 'context'],
    properties: {
      parent_packet_id: {
        type: ['string', 'null'],
        pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
      },
      version: {
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 16,
        pattern: '^1\\.\\d{1,4}\\.\\d{1,4}$',
      },
      metadata: { $ref: '#/$defs/MetadataBody' },
      context: { $ref: '#/$defs/ContextBody' },
      decisions: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/DecisionBody' } },
      actions: { anyOf: [{ $ref: '#/$defs/ActionsBody' }, { type: 'null' }] },
      dependencies: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/DependencyBody' } },
      hitl: { anyOf: [{ $ref: '#/$defs/HitlBody' }, { type: 'null' }] },
      routing: { anyOf: [{ $ref: '#/$defs/RoutingBody' }, { type: 'null' }] },
      claim_policy: { type: ['string', 'null'], enum: ['target', 'open', null] },
      retry: { anyOf: [{ $ref: '#/$defs/RetryBody' }, { type: 'null' }] },
      expires_at: { type: ['string', 'null'], format: 'date-time' },
      ttl_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 31536000 },
      schema_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  CreatePacketsBody: {
    type: 'object',
    additionalProperties: false,
    required: ['packets'],
    properties: { packets: { type: 'array', minItems: 1, maxItems: 500, items: {} } },
  },
  DecisionBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'decision', 'rationale'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      decision: { type: 'string', minLength: 1, maxLength: 5000 },
      rationale: { type: 'string', minLength: 1, maxLength: 10000 },
      alternatives: {
        type: ['array', 'null'],
        maxItems: 50,
        items: { type: 'string', minLength: 1, maxLength: 2000 },
      },
      decided_by: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      timestamp: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  DependencyBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'type', 'description'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      type: { type: 'string', enum: ['data', 'api', 'human_approval', 'external_event', 'resource'] },
      status: { type: ['string', 'null'], enum: ['blocked', 'available', 'unknown', null] },
      source: { type: ['string', 'null'], minLength: 1, maxLength: 1024 },
      description: { type: 'string', minLength: 1, maxLength: 5000 },
    },
  },
  EscalationStepBody: {
    type: 'object',
    additionalProperties: false,
    required: ['after_seconds', 'approvers'],
    properties: {
      after_seconds: { type: 'integer', minimum: 1, maximum: 31536000 },
      approvers: { type: 'array', maxItems: 100, items: { $ref: '#/$defs/ApproverBody' } },
      notify: {
        type: ['array', 'null'],
        maxItems: 20,
        items: { type: 'string', minLength: 1, maxLength: 256 },
      },
    },
  },
  FailPacketBody: {
    type: 'object',
    additionalProperties: false,
    required: ['reason'],
    properties: {
      reason: { type: 'string', minLength: 1, maxLength: 10000 },
      code: { type: ['string', 'null'], minLength: 1, maxLength: 64, pattern: '^[a-z0-9_.-]+$' },
      retryable: { type: ['boolean', 'null'] },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  FailedActionBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'description', 'error'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      error: { type: 'string', minLength: 1, maxLength: 10000 },
      retries_remaining: { type: ['integer', 'null'], minimum: 0, maximum: 1000 },
      description: { type: 'string', minLength: 1, maxLength: 5000 },
    },
  },
  HeartbeatBody: {
    type: 'object',
    additionalProperties: false,
    required: ['claim_id'],
    properties: {
      claim_id: { type: 'string', minLength: 1, maxLength: 128 },
      lease_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 43200 },
      progress: { anyOf: [{ $ref: '#/$defs/HeartbeatProgressBody' }, { type: 'null' }] },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  HeartbeatProgressBody: {
    type: 'object',
    additionalProperties: false,
    required: ['percent'],
    properties: {
      percent: { type: 'integer', minimum: 0, maximum: 100 },
      note: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
    },
  },
  HitlBody: {
    type: 'object',
    additionalProperties: false,
    required: ['reason'],
    properties: {
      required: { type: ['boolean', 'null'] },
      reason: { type: 'string', minLength: 1, maxLength: 2000 },
      question: { type: ['string', 'null'], minLength: 1, maxLength: 5000 },
      options: {
        type: ['array', 'null'],
        maxItems: 50,
        items: {
          anyOf: [
            { type: 'string', minLength: 1, maxLength: 256 },
            {
              type: 'object',
              additionalProperties: false,
              required: ['label', 'decision'],
              properties: {
                label: { type: 'string', minLength: 1, maxLength: 256 },
                decision: { type: 'string', enum: ['approve', 'deny', 'custom'] },
                description: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
              },
            },
          ],
        },
      },
      strict_options: { type: ['boolean', 'null'] },
      response_schema: { type: ['object', 'null'] },
      approvers: { type: ['array', 'null'], maxItems: 100, items: { $ref: '#/$defs/ApproverBody' } },
      quorum: { anyOf: [{ $ref: '#/$defs/QuorumBody' }, { type: 'null' }] },
      allow_agents: { type: ['boolean', 'null'] },
      allow_edits: { type: ['boolean', 'null'] },
      timeout_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 31536000 },
      on_timeout: { type: ['string', 'null'], enum: ['deny', 'approve', 'escalate', 'fail', 'wait', null] },
      escalation: { type: ['array', 'null'], maxItems: 10, items: { $ref: '#/$defs/EscalationStepBody' } },
      remind_before_seconds: { type: ['integer', 'null'], minimum: 1, maximum: 31536000 },
    },
  },
  MetadataBody: {
    type: 'object',
    additionalProperties: false,
    required: ['source_agent'],
    properties: {
      source_agent: { $ref: '#/$defs/AgentBody' },
      target_agent: { anyOf: [{ $ref: '#/$defs/TargetAgentBody' }, { type: 'null' }] },
      priority: {
        anyOf: [
          { type: 'string', enum: ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] },
          { type: 'integer', minimum: 1, maximum: 10 },
          { type: 'null' },
        ],
      },
      tags: {
        type: ['array', 'null'],
        maxItems: 64,
        items: { type: 'string', minLength: 1, maxLength: 128 },
      },
      reason: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
      deadline: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  MetadataPatchBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      tags: {
        type: ['array', 'null'],
        maxItems: 64,
        items: { type: 'string', minLength: 1, maxLength: 128 },
      },
      priority: {
        anyOf: [
          { type: 'string', enum: ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] },
          { type: 'integer', minimum: 1, maximum: 10 },
          { type: 'null' },
        ],
      },
      deadline: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  PacketFilterBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      status: {
        type: ['array', 'null'],
        minItems: 1,
        maxItems: 9,
        items: {
          type: 'string',
          enum: [
            'created',
            'claimed',
            'in_progress',
            'awaiting_human',
            'completed',
            'failed',
            'rejected',
            'cancelled',
            'expired',
          ],
        },
      },
      tags: {
        type: ['array', 'null'],
        maxItems: 64,
        minItems: 1,
        items: { type: 'string', minLength: 1, maxLength: 128 },
      },
      source_agent: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      target_agent: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claimed_by: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      priority: {
        anyOf: [
          { type: 'string', enum: ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] },
          { type: 'integer', minimum: 1, maximum: 10 },
          { type: 'null' },
        ],
      },
      created_after: { type: ['string', 'null'], format: 'date-time' },
      created_before: { type: ['string', 'null'], format: 'date-time' },
      hitl_required: { type: ['boolean', 'null'] },
      dead_letter: { type: ['boolean', 'null'] },
      overdue: { type: ['boolean', 'null'] },
      parent_packet_id: {
        type: ['string', 'null'],
        pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
      },
      root_id: {
        type: ['string', 'null'],
        pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
      },
    },
  },
  PendingActionBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'description', 'assignee'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      assignee: { type: 'string', minLength: 1, maxLength: 256 },
      priority: {
        anyOf: [
          { type: 'string', enum: ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] },
          { type: 'integer', minimum: 1, maximum: 10 },
          { type: 'null' },
        ],
      },
      depends_on: {
        type: ['array', 'null'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 256 },
      },
      deadline: { type: ['string', 'null'], format: 'date-time' },
      description: { type: 'string', minLength: 1, maxLength: 5000 },
    },
  },
  PreviewRouteBody: {
    type: 'object',
    additionalProperties: false,
    required: ['metadata', 'context'],
    properties: {
      metadata: { $ref: '#/$defs/MetadataBody' },
      context: { $ref: '#/$defs/ContextBody' },
      actions: { anyOf: [{ $ref: '#/$defs/ActionsBody' }, { type: 'null' }] },
      routing: { anyOf: [{ $ref: '#/$defs/RoutingBody' }, { type: 'null' }] },
    },
  },
  QuorumBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      approve: {
        anyOf: [
          { type: 'string', enum: ['all'] },
          { type: 'integer', minimum: 1, maximum: 100 },
          { type: 'null' },
        ],
      },
      deny: {
        anyOf: [
          { type: 'string', enum: ['all'] },
          { type: 'integer', minimum: 1, maximum: 100 },
          { type: 'null' },
        ],
      },
    },
  },
  ReasonBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      reason: { type: ['string', 'null'], minLength: 1, maxLength: 10000 },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    },
  },
  ReasonsBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      packet_ids: {
        type: ['array', 'null'],
        maxItems: 500,
        minItems: 1,
        items: { type: 'string', minLength: 1, maxLength: 64 },
      },
      filter: { anyOf: [{ $ref: '#/$defs/PacketFilterBody' }, { type: 'null' }] },
      limit: { type: ['integer', 'null'], minimum: 1, maximum: 500 },
      dry_run: { type: ['boolean', 'null'] },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      reason: { type: ['string', 'null'], minLength: 1, maxLength: 10000 },
    },
  },
  RegisterAgentBody: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      capabilities: {
        type: ['array', 'null'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 64, pattern: '^\\s*[^\\s,][^,]*$' },
      },
      max_concurrency: { type: ['integer', 'null'], minimum: 1, maximum: 10000 },
      metadata: { type: ['object', 'null'] },
      description: { type: ['string', 'null'], minLength: 1, maxLength: 5000 },
    },
  },
  RejectPacketBody: {
    type: 'object',
    additionalProperties: false,
    required: ['reason'],
    properties: {
      reason: { type: 'string', minLength: 1, maxLength: 10000 },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  ReleasePacketBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      reason: { type: ['string', 'null'], minLength: 1, maxLength: 10000 },
      delay_seconds: { type: ['integer', 'null'], minimum: 0, maximum: 31536000 },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  ReportProgressBody: {
    type: 'object',
    additionalProperties: false,
    required: ['percent'],
    properties: {
      percent: { type: 'integer', minimum: 0, maximum: 100 },
      note: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  RequestApprovalBody: {
    type: 'object',
    additionalProperties: false,
    required: ['hitl'],
    properties: {
      hitl: { $ref: '#/$defs/HitlBody' },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  RespondBody: {
    type: 'object',
    additionalProperties: false,
    required: ['response', 'responded_by'],
    properties: {
      response: { type: 'string', minLength: 1, maxLength: 10000 },
      responded_by: { type: 'string', minLength: 1, maxLength: 256 },
      decision: { type: ['string', 'null'], enum: ['approve', 'deny', null] },
      notes: { type: ['string', 'null'], minLength: 1, maxLength: 10000 },
      answer: {},
      edits: { anyOf: [{ $ref: '#/$defs/ContentPatchBody' }, { type: 'null' }] },
    },
  },
  RetryBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      max_attempts: { type: ['integer', 'null'], minimum: 1, maximum: 100 },
      backoff_seconds: { type: ['integer', 'null'], minimum: 0, maximum: 86400 },
    },
  },
  RoutingBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      capabilities: {
        type: ['array', 'null'],
        maxItems: 64,
        items: { type: 'string', minLength: 1, maxLength: 64 },
      },
      prefer: {
        type: ['array', 'null'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 256 },
      },
      exclude: {
        type: ['array', 'null'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 256 },
      },
      strategy: { type: ['string', 'null'], enum: ['capability', 'keywords', 'llm', null] },
    },
  },
  StartPacketBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      note: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  TargetAgentBody: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 256 },
      name: { type: 'string', minLength: 1, maxLength: 256 },
      framework: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    },
  },
  TurnBody: {
    type: 'object',
    additionalProperties: false,
    required: ['role', 'content'],
    properties: {
      role: { type: 'string', enum: ['user', 'agent', 'system', 'human'] },
      content: { type: 'string', maxLength: 200000 },
      timestamp: { type: ['string', 'null'], format: 'date-time' },
      metadata: { type: ['object', 'null'] },
    },
  },
  UpdatePacketBody: {
    type: 'object',
    additionalProperties: false,
    properties: {
      agent_id: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
      claim_id: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
      status: {
        type: ['string', 'null'],
        enum: ['in_progress', 'completed', 'failed', 'awaiting_human', null],
      },
      hitl: { anyOf: [{ $ref: '#/$defs/HitlBody' }, { type: 'null' }] },
      result: {},
      reason: { type: ['string', 'null'], minLength: 1, maxLength: 10000 },
      code: { type: ['string', 'null'], minLength: 1, maxLength: 64, pattern: '^[a-z0-9_.-]+$' },
      retryable: { type: ['boolean', 'null'] },
      context: { anyOf: [{ $ref: '#/$defs/ContextPatchBody' }, { type: 'null' }] },
      decisions: { type: ['array', 'null'], maxItems: 1000, items: { $ref: '#/$defs/DecisionBody' } },
      actions: { anyOf: [{ $ref: '#/$defs/ActionsBody' }, { type: 'null' }] },
      dependencies: { type: ['array', 'null'], maxItems: 500, items: { $ref: '#/$defs/DependencyBody' } },
      metadata: { anyOf: [{ $ref: '#/$defs/MetadataPatchBody' }, { type: 'null' }] },
    },
  },
};

/** A body that local mode takes. */
export type BodyName =
  | 'CreatePacketBody'
  | 'ChainPacketBody'
  | 'UpdatePacketBody'
  | 'ClaimPacketBody'
  | 'ClaimNextBody'
  | 'HeartbeatBody'
  | 'StartPacketBody'
  | 'ReportProgressBody'
  | 'CompletePacketBody'
  | 'FailPacketBody'
  | 'RejectPacketBody'
  | 'ReleasePacketBody'
  | 'RequestApprovalBody'
  | 'RespondBody'
  | 'ReasonBody'
  | 'CreatePacketsBody'
  | 'ClaimPacketsBody'
  | 'CompletePacketsBody'
  | 'ReasonsBody'
  | 'RegisterAgentBody'
  | 'PreviewRouteBody';
