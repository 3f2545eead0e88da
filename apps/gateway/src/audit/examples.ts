import type { AuditEntry } from '#libs/audit';
import { instantAt } from '#libs/packet';
import { csvHead, csvLine } from './csv.js';

const entry: AuditEntry = {
  id: '019ab2f4-8000-7c11-9d57-3f7e8a1c2b60',
  timestamp: instantAt(Date.UTC(2026, 0, 31, 12)),
  action: 'control.create_key',
  result: 'allowed',
  outcome: 'done',
  actor: {
    type: 'human',
    id: '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b61',
    key_id: '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b61',
    key_prefix: 'hr_Mq81TtZw',
  },
  resource: '/api/v1/keys/019ab2f4-5a10-7d43-8c22-51c0f2a7b9e4',
  packet_id: null,
  reason: null,
  details: { fields: ['name', 'role'], name: 'billing worker', role: 'agent' },
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  request_id: '7c1f6f0e-5a52-4d2b-9a5e-1f6b0c3d2e4a',
  dropped: 0,
};

export const auditAnswerExamples = {
  AuditEntryDocument: entry,
  AuditListDocument: { entries: [entry], limit: 50, next_cursor: null },
};
export const auditLinesExample = `${JSON.stringify(entry)}\n`;
export const auditCsvExample = csvHead + csvLine(entry);
