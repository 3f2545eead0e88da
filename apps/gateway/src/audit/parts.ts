import { AuditTrail } from '#libs/audit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { ControlData } from '../auth/control-data.js';
import { AuditController } from './audit.controller.js';
import { AuditReads } from './audit-reads.js';
import { Recorder } from './recorder.js';

/** What a gateway writes its audit with. */
export interface Audit {
  trail: AuditTrail;
  recorder: Recorder;
  close(): void;
}

export const openAudit = (nats: NatsConnection, control: ControlData): Audit => {
  const trail = new AuditTrail(nats);
  return { trail, recorder: new Recorder({ trail, control }), close: () => trail.close() };
};

/** The route of the audit. */
export const auditControllers = [AuditController];

export const auditProviders = ({ trail }: Audit) => [{ provide: AuditTrail, useValue: trail }, AuditReads];
