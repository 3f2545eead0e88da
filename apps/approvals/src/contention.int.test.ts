import type { CommandReply } from '#libs/contracts';
import type { EventOf, PacketEvent, PacketId } from '#libs/packet';
import { LogRig } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Approvals, person } from './given.features.js';

const names = Array.from({ length: 16 }, (_, n) => `person-${n}`);
const rounds = 50;
const words = { Yes: 'approve', No: 'deny', 'By Friday': 'custom' } as const;
type Word = keyof typeof words;

const isVote = (event: PacketEvent): event is EventOf<'packet.approval_responded'> =>
  event.type === 'packet.approval_responded';

describe(`${names.length} people answer one question at once, ${rounds} times`, () => {
  let rig: LogRig;
  let services: Approvals[];
  beforeAll(async () => {
    rig = await LogRig.start();
    services = await Promise.all(Array.from({ length: 3 }, () => rig.open((nats) => new Approvals(nats))));
  });
  afterAll(() => rig?.stop());

  /** Each through one of three copies of the service; sent again where too many came first. */
  const answer = async (id: PacketId, n: number, word: Word): Promise<CommandReply> => {
    const service = services[n % services.length]!;
    const reply = await service.respond(id, word, person(names[n]!));
    return reply.outcome === 'fault' && reply.code === 'contended' ? answer(id, n, word) : reply;
  };
  const answersTo = (id: PacketId, said: (n: number) => Word) =>
    Promise.all(names.map((_, n) => answer(id, n, said(n))));

  const check = async (id: PacketId, replies: CommandReply[], needed: number) => {
    const events = await services[0]!.events(id);
    const votes = events.filter(isVote);
    const outcomes = votes.filter(({ data }) => data.outcome !== undefined);
    expect(outcomes).toHaveLength(1);
    expect(votes.at(-1)).toBe(outcomes[0]);
    expect(new Set(votes.map(({ data }) => data.vote.approver)).size).toBe(votes.length);
    const packet = await services[1]!.packet(id);
    expect(packet.approval?.votes).toEqual(votes.map(({ data }) => data.vote));
    const denials = votes.filter(({ data }) => data.vote.decision === 'deny').length;
    const isDenied = outcomes[0]?.data.outcome === 'denied';
    expect(isDenied ? denials : votes.length - denials).toBe(needed);
    expect(packet.status).toBe(isDenied ? 'failed' : 'claimed');
    for (const [n, reply] of replies.entries()) {
      const counted = votes.some(({ data }) => data.vote.approver === names[n]);
      if (counted) expect(reply).toMatchObject({ outcome: 'accepted', quiet: false });
      else expect(reply).toMatchObject({ outcome: 'refused', rejection: { code: 'approval_closed' } });
    }
    return { votes: votes.length, isDenied };
  };

  it('one vote is enough: one counts, fifteen are told that it is over', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const id = await services[0]!.waiting();
      const replies = await answersTo(id, (n) => (Object.keys(words) as Word[])[(n + round) % 3]!);
      expect((await check(id, replies, 1)).votes).toBe(1);
    }
  });

  it('five are needed: five of one mind end it, nobody is counted twice, the rest are told', async () => {
    let denied = 0;
    for (let round = 0; round < rounds; round += 1) {
      const id = await services[0]!.waiting({ quorum: { approve: 5, deny: 5 } });
      const replies = await answersTo(id, (n) => ((n + round) % 2 === 0 ? 'Yes' : 'No'));
      const { votes, isDenied } = await check(id, replies, 5);
      expect(votes).toBeLessThan(10);
      denied += isDenied ? 1 : 0;
    }
    expect(denied).toBeGreaterThan(0);
    expect(denied).toBeLessThan(rounds);
  });

  it('all are needed: all sixteen are counted', async () => {
    for (let round = 0; round < 5; round += 1) {
      const approvers = names.map((id) => ({ id, kind: 'user' as const }));
      const id = await services[0]!.waiting({ approvers, quorum: { approve: 'all' } });
      const replies = await answersTo(id, () => 'Yes');
      expect(await check(id, replies, 16)).toEqual({ votes: 16, isDenied: false });
    }
  });
});
