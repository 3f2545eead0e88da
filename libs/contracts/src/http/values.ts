import { countCharacters } from './formats.js';
import type { JsonSchema } from './json-schema.js';

/** A value of several forms: its schema, the same as a function, and the same in words. */
type Form = [schema: JsonSchema, holds: (value: unknown) => boolean, about: string];

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value !== '' && countCharacters(value) <= max;

const priorityWords = ['low', 'normal', 'high', 'critical', 'medium', 'urgent'] as const;

export type PriorityInput = (typeof priorityWords)[number] | number;

export const priorityInput: Form = [
  {
    anyOf: [
      { type: 'string', enum: priorityWords },
      { type: 'integer', minimum: 1, maximum: 10 },
    ],
  },
  (value) => (priorityWords as readonly unknown[]).includes(value) || isWhole(value, 1, 10),
  'low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent).',
];

export const artifactValue: Form = [
  { type: ['string', 'object', 'array'] },
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  'A string, an object or an array.',
];

export type VoteCount = number | 'all';

export const voteCount: Form = [
  {
    anyOf: [
      { type: 'string', enum: ['all'] },
      { type: 'integer', minimum: 1, maximum: 100 },
    ],
  },
  (value) => value === 'all' || isWhole(value, 1, 100),
  'an integer from 1 to 100, or "all".',
];

const decisions = ['approve', 'deny', 'custom'] as const;

export type ApprovalOptionInput =
  string | { label: string; decision: (typeof decisions)[number]; description?: string | null };

const optionFields = ['label', 'decision', 'description'];

const isOption = (value: unknown): boolean => {
  if (!isMap(value)) return isText(value, 256);
  if (!Object.keys(value).every((key) => optionFields.includes(key))) return false;
  const told = value['description'] ?? undefined;
  return (
    isText(value['label'], 256) &&
    (decisions as readonly unknown[]).includes(value['decision']) &&
    (told === undefined || isText(told, 2_000))
  );
};

export const approvalOptions: Form = [
  {
    type: 'array',
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
            decision: { type: 'string', enum: decisions },
            description: { type: ['string', 'null'], minLength: 1, maxLength: 2_000 },
          },
        },
      ],
    },
  },
  (value) => Array.isArray(value) && value.length <= 50 && value.every(isOption),
  'Up to 50 options, each a text or {label, decision: approve | deny | custom, description}.',
];

const inheritParts = [
  'conversation',
  'decisions',
  'pending_actions',
  'dependencies',
  'artifacts',
  'custom',
] as const;

export type InheritInput = 'all' | 'none' | (typeof inheritParts)[number][];

export const inheritInput: Form = [
  {
    anyOf: [
      { type: 'string', enum: ['all', 'none'] },
      { type: 'array', maxItems: 6, items: { type: 'string', enum: inheritParts } },
    ],
  },
  (value) =>
    value === 'all' ||
    value === 'none' ||
    (Array.isArray(value) &&
      value.length <= 6 &&
      value.every((part) => (inheritParts as readonly unknown[]).includes(part))),
  '"all", "none", or a list of conversation, decisions, pending_actions, dependencies, artifacts, custom.',
];

const capabilityPattern = /^\s*[^\s,][^,]*$/;

/** Capabilities of an agent. Commas are left for the query string to separate them. */
export const capabilityList: Form = [
  {
    type: 'array',
    maxItems: 100,
    items: { type: 'string', minLength: 1, maxLength: 64, pattern: capabilityPattern.source },
  },
  (value) =>
    Array.isArray(value) &&
    value.length <= 100 &&
    value.every((item) => isText(item, 64) && capabilityPattern.test(String(item))),
  'Up to 100 slugs or free words without a comma; case makes no difference.',
];

/** Claim tokens by packet id, for batches of packets that were claimed with a lease. */
export const claimIds: Form = [
  { type: 'object', additionalProperties: { type: 'string', minLength: 1, maxLength: 128 } },
  (value) => isMap(value) && Object.values(value).every((token) => isText(token, 128)),
  'An object of claim tokens by packet id.',
];

/** 1 to 500 values that are checked one by one later. */
export const someOfAnything: Form = [
  { type: 'array', minItems: 1, maxItems: 500, items: {} },
  (value) => Array.isArray(value) && value.length >= 1 && value.length <= 500,
  '1 to 500 packets, each a body of POST /packets.',
];

export const share: Form = [
  { type: 'number', minimum: 0, maximum: 1 },
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
  'A number from 0 to 1.',
];

const maxHeaders = 20;
const headerValue = /^[\x20-\x7e]{0,2048}$/;

const areHeaders = (value: unknown): boolean =>
  isMap(value) &&
  Object.keys(value).length <= maxHeaders &&
  Object.values(value).every((text) => typeof text === 'string' && headerValue.test(text));

/** Headers that each delivery of a webhook carries. Their names are checked one by one later. */
export const hookHeaders: Form = [
  {
    type: 'object',
    maxProperties: maxHeaders,
    additionalProperties: { type: 'string', maxLength: 2_048, pattern: headerValue.source },
  },
  areHeaders,
  'Up to 20 headers in printable ASCII, beside those that we set: not Host, Content-*, Webhook-*, X-HR-* and their like.',
];

const rights: readonly unknown[] = ['none', 'read', 'write'];

/** What a key may do on channels, by their names, which are checked one by one later. */
export const channelRights: Form = [
  {
    type: 'object',
    maxProperties: 100,
    additionalProperties: { type: 'string', enum: ['none', 'read', 'write'] },
  },
  (value) =>
    isMap(value) &&
    Object.keys(value).length <= 100 &&
    Object.values(value).every((right) => rights.includes(right)),
  'Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others.',
];
