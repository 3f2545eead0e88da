import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionOf, routeByChoice } from './choosing.js';
import type { Instant } from './ids.js';
import { route } from './routing.js';
import type { CandidateAgent, Route, RouteInput } from './routing.js';

const agent = (id: string, more: Partial<CandidateAgent> = {}): CandidateAgent => ({
  id,
  name: id.toUpperCase(),
  capabilities: [],
  present: true,
  open_packets: 0,
  ...more,
});
const input = (agents: CandidateAgent[], more: Partial<RouteInput> = {}): RouteInput => ({
  source: 'ana',
  routing: {},
  summary: 'Nothing that says much',
  pending: [],
  rejected_by: [],
  agents,
  ...more,
});
const routed = (asked: RouteInput): Route => {
  const decision = route(asked);
  if ('unrouted' in decision) throw new Error(decision.unrouted);
  return decision;
};
const order = (asked: RouteInput) => routed(asked).candidates.map(({ id }) => id);

describe('the router, with required capabilities', () => {
  const billing = { routing: { capabilities: ['Billing', 'refunds'] } };
  const able = { capabilities: ['refunds', 'billing', 'chess'] };

  it('takes only who has all of them', () => {
    const decision = routed(input([agent('bo', { capabilities: ['billing'] }), agent('cy', able)], billing));
    expect(decision).toEqual({
      target: { id: 'cy', name: 'CY' },
      candidates: [
        {
          id: 'cy',
          score: 0.9,
          why: 'It has all required capabilities (2); 0 open packets, no success yet.',
        },
      ],
      strategy: 'capability',
      confidence: 0.9,
    });
  });

  it('takes the preferred first, then who has least to do, then who last had success, then by id', () => {
    const agents = [
      agent('e', able),
      agent('d', able),
      agent('c', { ...able, last_success_at: '2026-01-01T00:00:00.000Z' as Instant }),
      agent('b', { ...able, last_success_at: '2026-01-02T00:00:00.000Z' as Instant }),
      agent('busy', { ...able, open_packets: 1 }),
      agent('second', { ...able, open_packets: 9 }),
      agent('first', { ...able, open_packets: 99 }),
    ];
    const routing = { ...billing.routing, prefer: ['absent', 'first', 'second'] };
    expect(order(input(agents, { routing }))).toEqual(['first', 'second', 'b', 'c', 'd', 'e', 'busy']);
    const { confidence, candidates } = routed(input(agents, { routing }));
    expect(confidence).toBe(1);
    expect(candidates[0]?.why).toContain('the packet prefers it; 99 open packets');
    expect(candidates[6]?.why).toContain('; 1 open packet,');
  });

  it('takes anybody who is present when nobody has them, and says how unsure that is', () => {
    const decision = routed(input([agent('bo', { capabilities: ['billing'] })], billing));
    expect(decision).toMatchObject({ target: { id: 'bo' }, strategy: 'any', confidence: 0.1 });
  });

  it('can let the words of the packet decide among those who have them', () => {
    const agents = [agent('bo', able), agent('cy', { capabilities: [...able.capabilities, 'invoices'] })];
    const words = { summary: 'An invoice is wrong' };
    expect(order(input(agents, { ...billing, ...words }))[0]).toBe('bo');
    const routing = { ...billing.routing, strategy: 'keywords' as const };
    expect(order(input(agents, { routing, ...words }))[0]).toBe('cy');
  });
});

describe('the router, without required capabilities', () => {
  const agents = [
    agent('bo', { capabilities: ['billing', 'refunds'] }),
    agent('cy', { capabilities: ['translation'] }),
    agent('di', { capabilities: ['chess'] }),
  ];

  it('takes whom the words of summary and pending actions speak of, the best count first', () => {
    const asked = input(agents, {
      summary: 'Refund the customer, then translate the letter',
      pending: ['Correct the billing'],
    });
    expect(order(asked)).toEqual(['bo', 'cy']);
    expect(routed(asked)).toMatchObject({
      strategy: 'keywords',
      confidence: 0.53,
      candidates: [{ why: expect.stringContaining('(billing, refunds)') as string }, { score: 0.4 }],
    });
  });

  it('takes a preferred agent before one that the words only hint at', () => {
    const asked = input(agents, { summary: 'Translate this', routing: { prefer: ['di'] } });
    expect(order(asked)).toEqual(['di', 'cy']);
    expect(routed(asked)).toMatchObject({ strategy: 'preferred', confidence: 0.9 });
  });

  it('takes anybody when the words say nothing', () => {
    expect(routed(input(agents))).toMatchObject({ target: { id: 'bo' }, strategy: 'any' });
  });
});

describe('nobody', () => {
  const cases: Record<string, [CandidateAgent[], Partial<RouteInput>, RegExp]> = {
    'is registered': [[], {}, /No agent/],
    'but the source is': [[agent('ana')], {}, /No agent but the source/],
    'is present': [[agent('bo', { present: false })], {}, /No agent/],
    'is not excluded': [[agent('bo')], { routing: { exclude: ['bo'] } }, /excluded/],
    'has not rejected it': [[agent('bo')], { rejected_by: ['bo'] }, /rejected/],
    'may have it': [[agent('bo')], { mayReceive: () => false }, /may not get work/],
  };
  it.each(Object.entries(cases))('%s: the packet waits, and why is said', (_, [agents, more, why]) => {
    expect(route(input(agents, more))).toEqual({ unrouted: expect.stringMatching(why) as string });
  });
});

const skills = ['billing', 'refunds', 'chess', 'data migration'];
const ids = fc.constantFrom<string>('ana', 'bo', 'cy', 'di', 'ed', 'fy', 'gu', 'ho');
const someIds = fc.uniqueArray(ids, { maxLength: 4 });
const someSkills = fc.uniqueArray(fc.constantFrom(...skills), { maxLength: 3 });
const instants = fc.constantFrom(
  '2026-01-01T00:00:00.000Z' as Instant,
  '2026-01-02T00:00:00.000Z' as Instant,
);
const anyAgent = fc
  .record({
    id: ids,
    capabilities: someSkills,
    present: fc.boolean(),
    open_packets: fc.nat(3),
    last_success_at: fc.option(instants, { nil: undefined }),
  })
  .map(({ id, last_success_at, ...more }) =>
    agent(id, last_success_at === undefined ? more : { ...more, last_success_at }),
  );
const anyInput = fc
  .record({
    agents: fc.uniqueArray(anyAgent, { selector: ({ id }) => id, maxLength: 8 }),
    routing: fc.record({
      capabilities: fc.option(someSkills, { nil: [] }),
      prefer: someIds,
      exclude: someIds,
      strategy: fc.constantFrom('capability' as const, 'keywords' as const, 'llm' as const),
    }),
    summary: fc.constantFrom('Refund it', 'Migrate the billing data', 'Well'),
    pending: fc.array(fc.constantFrom('Play chess', 'Bill it'), { maxLength: 2 }),
    rejected_by: someIds,
    closed: someIds,
  })
  .map(({ agents, closed, ...more }) =>
    input(agents, { ...more, mayReceive: (id: string) => !closed.includes(id) }),
  );
const always = (look: (asked: RouteInput, decision: Route | null) => void) =>
  fc.assert(
    fc.property(anyInput, (asked) => {
      const decision = route(asked);
      look(asked, 'unrouted' in decision ? null : decision);
    }),
    { numRuns: 1_000 },
  );
const mayHaveIt = (asked: RouteInput, { id, present }: CandidateAgent) =>
  present &&
  id !== asked.source &&
  !asked.routing.exclude?.includes(id) &&
  !asked.rejected_by.includes(id) &&
  asked.mayReceive?.(id) === true;
const hasAll = (asked: RouteInput, { capabilities }: CandidateAgent) =>
  (asked.routing.capabilities ?? []).every((one) => capabilities.includes(one));

describe('any decision', () => {
  it('is made whenever there is somebody, and only then', () =>
    always((asked, decision) => {
      expect(decision !== null).toBe(asked.agents.some((one) => mayHaveIt(asked, one)));
    }));

  it('never names the source, nor one that is away, excluded, has rejected it or may not have it', () =>
    always((asked, decision) => {
      for (const { id } of decision?.candidates ?? []) {
        const named = asked.agents.find((one) => one.id === id);
        expect(named !== undefined && mayHaveIt(asked, named)).toBe(true);
      }
      if (decision !== null) expect(decision.candidates[0]?.id).toBe(decision.target.id);
    }));

  it('names only agents with all required capabilities when there is one', () =>
    always((asked, decision) => {
      const able = asked.agents.filter((one) => mayHaveIt(asked, one) && hasAll(asked, one));
      if (able.length === 0 || (asked.routing.capabilities ?? []).length === 0) return;
      expect(decision?.candidates.map(({ id }) => id).sort()).toEqual(able.map(({ id }) => id).sort());
    }));

  it('is the same for the same input in any order', () =>
    fc.assert(
      fc.property(
        anyInput.chain((asked) =>
          fc.tuple(
            fc.constant(asked),
            fc.shuffledSubarray([...asked.agents], { minLength: asked.agents.length }),
          ),
        ),
        ([asked, agents]) => {
          const before = JSON.stringify(asked);
          expect(route({ ...asked, agents })).toEqual(route(asked));
          expect(JSON.stringify(asked)).toBe(before);
        },
      ),
      { numRuns: 1_000 },
    ));

  it('is as sure as its first candidate, and surer of it than of those behind', () =>
    always((_, decision) => {
      const scores = decision?.candidates.map(({ score }) => score) ?? [];
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const score of scores) expect(score > 0 && score <= 1).toBe(true);
      if (decision !== null) expect(decision.confidence).toBe(scores[0]);
    }));

  it('names twenty candidates at most', () => {
    const many = Array.from({ length: 500 }, (_, n) => agent(`agent-${n}`));
    expect(routed(input(many)).candidates).toHaveLength(20);
  });
});

describe('the answer of a chooser', () => {
  const asked = input([
    agent('bo'),
    agent('cy'),
    agent('di'),
    agent('ana'),
    agent('away', { present: false }),
  ]);
  const choice = {
    target: 'di',
    confidence: 0.7,
    reasoning: 'It knows chess.',
    fallbacks: ['cy', 'nobody', 'di'],
  };

  it('decides, when it names a candidate', () => {
    expect(routeByChoice(questionOf(asked), choice)).toEqual({
      target: { id: 'di', name: 'DI' },
      candidates: [
        { id: 'di', score: 0.7, why: 'It knows chess.' },
        { id: 'cy', score: 0.1, why: expect.any(String) as string },
        { id: 'bo', score: 0.1, why: expect.any(String) as string },
      ],
      strategy: 'llm',
      confidence: 0.7,
    });
  });

  it.each([
    ['the source', { ...choice, target: 'ana' }],
    ['one that is away', { ...choice, target: 'away' }],
    ['nobody we know', { ...choice, target: 'zoe' }],
    ['too sure', { ...choice, confidence: 1.1 }],
    ['not a number', { ...choice, confidence: Number.NaN }],
    ['without a reason', { ...choice, reasoning: undefined }],
    ['no choice', 'di'],
    ['nothing', null],
  ])('does not count when it is %s', (_, answer) => {
    expect(routeByChoice(questionOf(asked), answer)).toBeNull();
  });
});
