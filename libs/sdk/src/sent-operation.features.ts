import { operations } from './generated/operations.js';

const patterns = Object.entries(operations)
  .map(([name, line]) => {
    const [method, template = ''] = line.split(' ');
    const path = template.replaceAll(/\{\w+\}/g, '[^/]+');
    return { name, method, exact: !template.includes('{'), pattern: new RegExp(`^/api/v1${path}$`) };
  })
  // `/packets/batch` is not a packet.
  .sort((a, b) => Number(b.exact) - Number(a.exact));

/** The operation that a request is for. */
export const operationOf = (method: string, path: string): string =>
  patterns.find((one) => one.method === method && one.pattern.test(path))?.name ?? `${method} ${path}`;
