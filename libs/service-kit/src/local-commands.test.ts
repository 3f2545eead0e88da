import type { CommandReply, CommandRequest } from '#libs/contracts';
import { expect, it } from 'vitest';
import { localCommands } from './local-commands.js';

const reply: CommandReply = { outcome: 'fault', code: 'contended', detail: 'from claiming' };
const request = (type: string): CommandRequest => ({ type }) as unknown as CommandRequest;

it('calls the handler of the service that owns the command', async () => {
  const send = localCommands({ claiming: () => Promise.resolve(reply) });
  expect(await send(request('complete'))).toBe(reply);
});

it('answers with a fault when that service is not here', async () => {
  expect(await localCommands({})(request('respond'))).toEqual({
    outcome: 'fault',
    code: 'unavailable',
    detail: 'No approvals service is running.',
  });
});
