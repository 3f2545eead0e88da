import type { AuditEntryDocument, AuditListDocument } from '#libs/sdk';
import { listShape } from './listing.js';
import { momentOf } from './moments.js';
import type { Paint } from './paint.js';
import type { Shape } from './shape.js';

const whoOf = ({ actor }: AuditEntryDocument): string =>
  [actor.id, actor.key_prefix && `(${actor.key_prefix}…)`].filter(Boolean).join(' ');

const resultOf = ({ result, outcome }: AuditEntryDocument): string =>
  outcome === 'unknown' ? `${result}, unknown` : outcome;

const paintResult = (text: string, paint: Paint, { result, outcome }: AuditEntryDocument): string => {
  if (result === 'denied') return paint.red(text);
  return outcome === 'done' ? paint.green(text) : paint.yellow(text);
};

const aboutOf = ({ resource, reason }: AuditEntryDocument): string =>
  reason === null ? resource : `${resource}: ${reason.code}`;

/** Who did what, a line each, newest first. */
export const auditList: Shape<AuditListDocument> = listShape({
  rows: ({ entries }: AuditListDocument) => entries,
  columns: () => [
    { title: 'TIME', value: ({ timestamp }) => momentOf(timestamp) },
    { title: 'ACTION', value: ({ action }) => action },
    { title: 'RESULT', value: resultOf, paint: paintResult },
    { title: 'BY', value: whoOf },
    { title: 'ABOUT', value: aboutOf, flexible: true },
  ],
  none: 'Nothing in the audit.',
  id: ({ id }) => id,
});
