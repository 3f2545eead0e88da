import type { CandidateAgent, Choice, ChooseTarget, RouteInput } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { routeWith } from './route-with.js';

const agent = (id: string, ...capabilities: string[]): CandidateAgent => ({
  id,
  name: id,
  capabilities,
  present: true,
  open_packets: 0,
});
const input: RouteInput = {
  source: 'ana',
  routing: { strategy: 'llm', capabilities: ['billing'] },
  summary: 'Refund it',
  pending: ['Tell the customer'],
  rejected_by: [],
  agents: [agent('bo', 'billing'), agent('cy', 'billing'), agent('di')],
};
const choice: Choice = { target: 'cy', confidence: 0.8, reasoning: 'It did so before.', fallbacks: [] };
const instead = { target: { id: 'bo' }, strategy: 'fallback_capability', confidence: 0.9 };

describe('routing with a chooser', () => {
  it('takes its choice, and asks it about the packet and all who may get it', async () => {
    const questions: unknown[] = [];
    const choose: ChooseTarget = (question) => {
      questions.push(question);
      return Promise.resolve(choice);
    };
    expect(await routeWith(choose, input)).toMatchObject({
      target: { id: 'cy' },
      candidates: [{ id: 'cy', score: 0.8, why: 'It did so before.' }, { id: 'bo' }],
      strategy: 'llm',
      confidence: 0.8,
    });
    expect(questions).toMatchObject([
      {
        summary: 'Refund it',
        pending: ['Tell the customer'],
        candidates: [{ agent: { id: 'bo' } }, { agent: { id: 'cy' } }],
      },
    ]);
  });

  it('asks it only where the packet wants that, and somebody is there to choose', async () => {
    const never: ChooseTarget = () => Promise.reject(new Error('asked'));
    const plain = { ...input, routing: { capabilities: ['billing'] } };
    expect(await routeWith(never, plain)).toMatchObject({ target: { id: 'bo' }, strategy: 'capability' });
    expect(await routeWith(never, { ...input, agents: [] })).toHaveProperty('unrouted');
  });

  const failing: Record<string, ChooseTarget> = {
    'names somebody who is no candidate': () => Promise.resolve({ ...choice, target: 'di' }),
    'names the source': () => Promise.resolve({ ...choice, target: 'ana' }),
    'answers with nonsense': () => Promise.resolve('cy' as unknown as Choice),
    rejects: () => Promise.reject(new Error('no quota left')),
    throws: () => {
      throw new Error('no key');
    },
  };
  it.each(Object.entries(failing))('decides without it when it %s, and says so', async (_, choose) => {
    expect(await routeWith(choose, input)).toMatchObject(instead);
  });

  it('decides without it when there is none', async () => {
    expect(await routeWith(undefined, input)).toMatchObject(instead);
  });

  it('does not wait for one that is slow, and tells it so', async () => {
    let told = false;
    const slow: ChooseTarget = (_question, signal) =>
      new Promise(() => signal.addEventListener('abort', () => (told = true)));
    expect(await routeWith(slow, input, 20)).toMatchObject(instead);
    expect(told).toBe(true);
  });
});
