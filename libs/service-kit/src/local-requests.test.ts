import type { CommandReply, CommandRequest } from '#libs/contracts';
import { expect, it } from 'vitest';
import { localRequests } from './local-requests.js';

const reply: CommandReply = { outcome: 'fault', code: 'contended', detail: 'from claiming' };
const request = (type: string): CommandRequest => ({ type }) as unknown as CommandRequest;

it('calls the handler of the service that owns the command', async () => {
  const send = localRequests({ commands: { claiming: () => Promise.resolve(reply) } }).sendCommand;
  expect(await send(request('complete'))).toBe(reply);
});

it('answers with a fault when that service is not here', async () => {
  expect(await localRequests({ commands: {} }).sendCommand(request('respond'))).toEqual({
    outcome: 'fault',
    code: 'unavailable',
    detail: 'No approvals service is running.',
  });
});

it('answers a call by the function that is here for it', async () => {
  const beat = { lease_expires_at: null, directive: 'continue' } as const;
  const { sendCall } = localRequests({
    commands: {},
    calls: { heartbeat: () => Promise.resolve({ outcome: 'answered', answer: beat }) },
  });
  expect(await sendCall('heartbeat', {} as never)).toEqual({ outcome: 'answered', answer: beat });
  expect(await sendCall('claim_next', {} as never)).toMatchObject({ outcome: 'fault', code: 'unavailable' });
});
