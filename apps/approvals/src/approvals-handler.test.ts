import type { CommandRequest } from '#libs/contracts';
import { LogUnavailable, type PacketLog } from '#libs/event-log';
import { describe, expect, it } from 'vitest';
import { approvalsHandler } from './approvals-handler.js';

const respond = {
  type: 'respond',
  meta: { tenant_id: 'acme', packet_id: 'p' },
  data: { response: 'Yes', next_claim_id: 'c' },
} as unknown as CommandRequest;

/** A log whose packets cannot be read, and what it was told to write down. */
const brokenLog = (error: Error) => {
  const told: string[] = [];
  const logger = { error: (_fields: object, message: string) => void told.push(message) };
  const log = { load: () => Promise.reject(error), logger } as unknown as PacketLog;
  return { log, told };
};

describe('an answer that cannot be checked', () => {
  it('may be sent again when the log is away', async () => {
    const { log, told } = brokenLog(new LogUnavailable('The log is away.'));
    const reply = await approvalsHandler(log)(respond);
    expect(reply).toEqual({ outcome: 'fault', code: 'unavailable', detail: 'The log is away.' });
    expect(told).toEqual([]);
  });

  it('is our fault otherwise, and is written down', async () => {
    const { log, told } = brokenLog(new TypeError('a bug'));
    expect(await approvalsHandler(log)(respond)).toMatchObject({ outcome: 'fault', code: 'internal' });
    expect(told).toHaveLength(1);
  });
});
