import { Counter } from 'prom-client';

const messages = new Counter({
  name: 'handoffrail_audit_messages_total',
  help: 'Messages written for the audit, by kind.',
  labelNames: ['kind'],
});

const dropped = new Counter({
  name: 'handoffrail_audit_denials_dropped_total',
  help: 'Refused attempts that were not kept: there were too many, or the log was away.',
});

const swept = new Counter({
  name: 'handoffrail_audit_swept_total',
  help: 'Entries of the audit deleted for their age or number.',
});

export const countMessage = (kind: string): void => messages.inc({ kind });
export const countDropped = (): void => dropped.inc();
export const countSwept = (rows: number): void => swept.inc(rows);
