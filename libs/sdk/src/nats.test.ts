import { agentOperations } from '#libs/contracts';
import { describe, expect, it } from 'vitest';
import { operations } from './generated/operations.js';
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

  const onNats = Object.values(agentOperations).map(
    ({ method, path }) => `${method} ${path.replace('/api/v1/', '').replace(':id', 'x')}`,
  );
  const others = Object.values(operations)
    .map((line) =>
      line
        .replace('/', '')
        .replaceAll(/\{\w+\}/g, 'x')
        .split(' ')
        .slice(0, 2)
        .join(' '),
    )
    .filter((line) => !onNats.includes(line));

  it.each([...others, 'GET packets/', 'GET constructor'])('is not there for what needs HTTP: %s', (line) => {
    const [method = '', path = ''] = line.split(' ');
    expect(() => subjectOf(method, path)).toThrow(`${method} /${path} is not to be had on NATS`);
  });

  it('is there for all others', () => {
    expect(others).toHaveLength(Object.keys(operations).length - onNats.length);
  });
});
