import { agentOperations } from '#libs/contracts';
import { describe, expect, it } from 'vitest';
import { subjectOf } from './nats.js';

describe('the subject of a request', () => {
  it.each(Object.entries(agentOperations))('is that of the API: %s', (name, { method, path, id }) => {
    const asked = path.replace('/api/v1/', '').replace(':id', 'c%C3%A4');
    const part = { packet: '.c%C3%A4', agent: `.${Buffer.from('cä').toString('base64url')}` };
    expect(subjectOf(method, asked)).toBe(id === undefined ? name : `${name}${part[id]}`);
  });

  it('cannot be made another one by an id', () => {
    expect(subjectOf('GET', 'packets/a.b*')).toBe('get.a%2Eb%2A');
    expect(subjectOf('PUT', `agents/${encodeURIComponent('*.>/ü?')}`)).toMatch(/^register-agent\.[\w-]+$/);
  });

  it.each([
    ['GET', 'stats'],
    ['GET', 'packets/'],
    ['POST', 'packets/batch/claim'],
    ['GET', 'packets/awaiting-human'],
    ['POST', 'packets/batch'],
    ['POST', 'approvals/1/respond'],
    ['GET', 'agents/1'],
    ['GET', 'constructor'],
  ])('is not there for what needs HTTP: %s %s', (method, path) => {
    expect(() => subjectOf(method, path)).toThrow(`${method} /${path} is not to be had on NATS`);
  });
});
