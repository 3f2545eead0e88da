import { describe, expect, it } from 'vitest';
import { shapeOf, differences, leaksIn } from './leaks.js';
import { type ApiOperation, CannotFill, operationsOf } from './operations.js';
import { bodyProbes, freshLike, pathProbes, queryProbes } from './probes.js';
import type { Victim } from './victim.js';

const id = '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60';
const victim = {
  mark: 'kanarie1',
  ids: { packet: [id], agent: ['kanarie1-agent'] },
  words: ['kanarie1 skill'],
  cursors: ['c1'],
} as unknown as Victim;
const own = () => Promise.resolve('mine');

const operation = (path: string, facts: object = {}, schemas: object = {}): ApiOperation =>
  operationsOf({
    paths: { [path]: { post: { responses: {}, description: '', ...facts } } },
    components: { schemas },
  })[0]!;

const body = (properties: object) => ({
  requestBody: { content: { 'application/json': { schema: { properties }, example: { note: 'n' } } } },
});

describe('the probes of isolation', () => {
  it('take ids from where the path says what they are of', () => {
    const [probe] = pathProbes(operation('/api/v1/packets/{id}/agents/{agent_id}'), victim);
    expect(probe?.asked.path).toBe(`/api/v1/packets/${id}/agents/kanarie1-agent`);
    expect(probe?.isHidden).toBe(true);
  });

  it('fail for a route that they cannot fill', () => {
    expect(() => operation('/api/v1/invoices/{id}')).toThrow(CannotFill);
    expect(() => operation('/api/v1/packets/{invoice_id}')).toThrow(CannotFill);
    expect(() => pathProbes(operation('/api/v1/keys/{id}'), victim)).toThrow(CannotFill);
    expect(() => operation('/api/v1/packets', body({ invoice_id: { type: 'string' } }))).toThrow(CannotFill);
  });

  it('find ids in bodies, wherever they stand', async () => {
    const nested = { items: { properties: { parent_packet_id: { type: 'string' } } } };
    const fields = { packet_ids: { type: 'array' }, inner: nested, id: { type: 'string' } };
    const probes = await bodyProbes(operation('/api/v1/packets', body(fields)), victim, own);
    expect(probes.map(({ asked }) => asked.body)).toEqual([
      { note: 'n', packet_ids: [id] },
      { packet_ids: [id] },
      { note: 'n', inner: [{ parent_packet_id: id }] },
      { inner: [{ parent_packet_id: id }] },
    ]);
  });

  it('ask with every text that a filter takes, and with one that is nobody’s', async () => {
    const parameters = [
      { name: 'skill', in: 'query', schema: { type: 'string' } },
      { name: 'state', in: 'query', schema: { type: 'string', enum: ['open'] } },
    ];
    const probes = await queryProbes(operation('/api/v1/agents', { parameters }), victim, own);
    expect(probes.map(({ asked }) => asked.path)).toEqual([
      '/api/v1/agents',
      '/api/v1/agents?skill=kanarie1+skill',
      `/api/v1/agents?skill=${id}`,
      '/api/v1/agents?skill=kanarie1-agent',
    ]);
    expect(probes[2]?.twin?.asked.path).toMatch(/\?skill=019ab2f4-6f3e-7c11-9d57-(?!3f7e8a1c2b60)/);
    expect(freshLike('kanarie1 skill', victim.mark)).toMatch(/^niemand\w{12} skill$/);
  });
});

describe('what is wrong with an answer', () => {
  it('is what it tells of another tenant, but for what was asked', () => {
    expect(leaksIn(`a ${id} b`, victim)).toEqual([id]);
    expect(leaksIn(`a ${id} b`, victim, [id])).toEqual([]);
    expect(leaksIn('kanarie1-agent and kanarie1 notes', victim, ['kanarie1-agent'])).toEqual(['kanarie1']);
  });

  it('is what tells a thing that is hidden from one that is not there', () => {
    const told = (name: string, trace: string) => `{}\n{"detail":"No ${name}","trace_id":"${trace}"}`;
    expect(shapeOf(told('mine', '1'), ['mine'])).toBe(shapeOf(told('yours', '2'), ['yours']));
    expect(shapeOf(told('mine', '1'), ['mine'])).not.toBe(shapeOf(told('mine there', '1'), ['mine']));
  });

  it('is what has changed', () => {
    expect(differences({ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] })).toEqual(['/a/*/b']);
    expect(differences({ a: [1] }, { a: [1, 2] })).toEqual(['/a']);
    expect(differences({ a: { b: null } }, { a: { b: null } })).toEqual([]);
  });
});
