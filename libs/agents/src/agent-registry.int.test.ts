import { buckets } from '#libs/contracts';
import { Kvm } from '@nats-io/kv';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme, type AgentRig, other, quiet, startRig, until } from './agents.features.js';
import { type AgentChange, AgentRegistry } from './index.js';

const presenceMs = 600;
const facts = (name: string, ...capabilities: string[]) => ({ name, capabilities });

describe('the agent registry', () => {
  let rig: AgentRig;
  let nats: NatsConnection;
  let one: AgentRegistry;
  let two: AgentRegistry;
  beforeAll(async () => {
    rig = await startRig();
    nats = await rig.connect();
    one = await AgentRegistry.open(nats, { logger: quiet, presenceMs });
    two = await AgentRegistry.open(await rig.connect(), { logger: quiet, presenceMs });
  });
  afterAll(async () => {
    one.close();
    two.close();
    await rig.stop();
  });

  it('shows an agent that was registered elsewhere, present, and in its own tenant only', async () => {
    const { agent, news } = await one.put(acme, 'billing-01', {
      ...facts('BillingBot', ' Billing ', 'billing', 'PDF'),
      framework: 'crewai',
      max_concurrency: 4,
      metadata: { region: 'eu' },
      description: 'Makes invoices.',
    });
    expect(news).toBe('registered');
    expect(agent).toMatchObject({ tenant_id: acme, id: 'billing-01', capabilities: ['billing', 'pdf'] });
    expect(one.isPresent(acme, 'billing-01')).toBe(true);
    await until(() => two.get(acme, 'billing-01') !== undefined && two.isPresent(acme, 'billing-01'));
    expect(two.get(acme, 'billing-01')).toEqual(agent);
    expect(two.get(other, 'billing-01')).toBeUndefined();
    expect(two.list(other)).toEqual([]);
    expect(two.isPresent(other, 'billing-01')).toBe(false);
  });

  it('lists by id those that have all capabilities, whatever their case', async () => {
    await one.put(acme, 'b', facts('B', 'send mail', 'pdf'));
    await one.put(acme, 'a', facts('A', 'PDF', 'Send Mail', 'ocr'));
    const ids = (...capabilities: string[]) => one.list(acme, { capabilities }).map(({ id }) => id);
    expect(ids()).toEqual(['a', 'b', 'billing-01']);
    expect(ids('pdf')).toEqual(['a', 'b', 'billing-01']);
    expect(ids('Pdf', 'send MAIL ')).toEqual(['a', 'b']);
    expect(ids('ocr', 'send mail')).toEqual(['a']);
    expect(ids('ocr', 'billing')).toEqual([]);
  });

  it('replaces an agent, keeps the time it was made, and writes what is the same quietly', async () => {
    const { agent: made } = await one.put(acme, 'again', { ...facts('Again', 'x'), description: 'old' });
    await until(() => two.get(acme, 'again') !== undefined);
    const changed = await two.put(acme, 'again', facts('Again', 'y'));
    expect(changed.news).toBe('changed');
    expect(changed.agent).toMatchObject({ capabilities: ['y'], created_at: made.created_at });
    expect(changed.agent).not.toHaveProperty('description');
    expect(await two.put(acme, 'again', facts('Again', 'Y'))).toEqual({
      agent: changed.agent,
      news: 'unchanged',
    });
  });

  it('lets one of many writers be the last, and all of them succeed', async () => {
    const names = Array.from({ length: 4 }, (_, index) => `writer ${index}`);
    const writers = [one, two];
    const done = await Promise.all(
      names.map((name, index) => writers[index % 2]!.put(acme, 'fought-over', facts(name))),
    );
    expect(done.filter(({ news }) => news === 'registered')).toHaveLength(1);
    const nameOf = (registry: AgentRegistry) => registry.get(acme, 'fought-over')?.name;
    await until(() => nameOf(one) === nameOf(two));
    expect(names).toContain(nameOf(one));
  });

  it('takes any text as an id', async () => {
    const ids = ['a.b', '*', '>', 'white space', 'ünï', '🤖'.repeat(256), `${'x'.repeat(256)}`, '../..'];
    await Promise.all(ids.map((id) => one.put(acme, id, facts('odd', 'odd'))));
    await until(() => two.list(acme, { capabilities: ['odd'] }).length === ids.length);
    for (const id of ids) expect(two.get(acme, id)?.id).toBe(id);
    for (const id of ids) expect(await two.remove(acme, id)).toBe(true);
  });

  it('counts an agent as present for a while after it was seen, and writes that down now and then', async () => {
    await one.put(acme, 'sleepy', facts('Sleepy'));
    await until(() => !one.isPresent(acme, 'sleepy'));
    const kv = await new Kvm(nats).open(buckets.presence);
    const sequence = async () => (await kv.status()).streamInfo.state.last_seq;
    const before = await sequence();
    const seen = await Promise.all(Array.from({ length: 50 }, () => two.heartbeat(acme, 'sleepy')));
    expect(await sequence()).toBe(before + 1);
    expect(new Set(seen.map((presence) => presence?.seen_at)).size).toBe(1);
    await until(() => one.isPresent(acme, 'sleepy'));
    const { seen_at, present_until } = one.presence(acme, 'sleepy')!;
    expect(Date.parse(present_until) - Date.parse(seen_at)).toBe(presenceMs);
    const later = () => two.heartbeat(acme, 'sleepy');
    await until(() => Date.now() - Date.parse(seen_at) > presenceMs / 6);
    expect((await later())!.seen_at > seen_at).toBe(true);
  });

  it('has nothing to mark where no agent is registered', async () => {
    expect(await one.heartbeat(acme, 'nobody')).toBeNull();
    one.touch(acme, 'nobody');
    expect(one.presence(acme, 'nobody')).toBeUndefined();
  });

  it('takes an agent out with its presence, once', async () => {
    await one.put(acme, 'leaver', facts('Leaver'));
    await until(() => two.isPresent(acme, 'leaver') && two.get(acme, 'leaver') !== undefined);
    const removed = await Promise.all([one.remove(acme, 'leaver'), two.remove(acme, 'leaver')]);
    expect(removed.sort()).toEqual([false, true]);
    await until(() => two.get(acme, 'leaver') === undefined && !two.isPresent(acme, 'leaver'));
    expect(one.get(acme, 'leaver')).toBeUndefined();
    expect(await one.remove(other, 'b')).toBe(false);
    expect(one.get(acme, 'b')).toBeDefined();
  });

  it('tells of each change here and elsewhere, and on NATS once', async () => {
    const heard: AgentChange[][] = [[], []];
    const ends = [one, two].map((registry, index) =>
      registry.onChange((change) => heard[index]?.push(change)),
    );
    const messages: Msg[] = [];
    const subscription = nats.subscribe('hr.agents.acme.*.*', {
      callback: (_error, message) => void messages.push(message),
    });
    await nats.flush();
    await one.put(acme, 'news', facts('News'));
    await one.put(acme, 'news', facts('News', 'more'));
    await one.put(acme, 'news', facts('News', 'more'));
    await until(() => !one.isPresent(acme, 'news'));
    one.touch(acme, 'news');
    await until(() => one.isPresent(acme, 'news'));
    await one.remove(acme, 'news');
    const kinds = (changes: AgentChange[] | undefined) =>
      changes?.map(({ news }) => news).filter((news) => news !== 'present');
    await until(() => kinds(heard[1])?.at(-1) === 'left' && messages.length === 3);
    for (const changes of heard) {
      expect(kinds(changes)).toEqual(['registered', 'changed', 'left']);
      expect(changes.filter(({ news }) => news === 'present')).toHaveLength(2);
    }
    const token = Buffer.from('news').toString('base64url');
    expect(messages.map(({ subject }) => subject)).toEqual(
      ['registered', 'changed', 'left'].map((news) => `hr.agents.acme.${token}.${news}`),
    );
    expect(messages[1]?.json()).toMatchObject({
      news: 'changed',
      agent_id: 'news',
      agent: { id: 'news', capabilities: ['more'] },
    });
    expect(messages[2]?.json()).not.toHaveProperty('agent');
    subscription.unsubscribe();
    ends.forEach((end) => end());
  });

  it('goes on when a listener fails', async () => {
    const end = two.onChange(() => {
      throw new Error('not my day');
    });
    await one.put(acme, 'robust', facts('Robust'));
    await until(() => two.get(acme, 'robust') !== undefined);
    end();
  });

  it('counts agents and those that are present', async () => {
    const before = one.count();
    await one.put(other, 'counted', facts('Counted'));
    expect(one.count()).toMatchObject({
      registered: before.registered + 1,
      tenants: before.tenants + 1,
    });
    expect(one.count().present).toBeGreaterThan(0);
    await until(() => one.count().present === 0);
  });
});
