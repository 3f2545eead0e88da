import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fencedBlocks } from '#libs/testing';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('.', import.meta.url));
const skipped = /(\.test|\.features)\.ts$|^(local|generated)\//;

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !skipped.test(file))
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

/** The examples in the docstrings of a source. */
const examplesIn = ({ file, text }: { file: string; text: string }) =>
  [...text.matchAll(/@example\n\s*\* ```ts\n([\s\S]*?)\n\s*\* ```/g)].map(([, body = '']) => ({
    file,
    code: body.replaceAll(/^\s*\* ?/gm, ''),
  }));

const pages = ['docs/sdk.md', 'README.md'].map((file) => ({
  file,
  text: readFileSync(join(folder, '../../..', file), 'utf8'),
}));

// An import stands above everything; here all its names are there already.
const withoutImports = (code: string) => code.replaceAll(/^import .*$/gm, '');

const examples = [
  ...sources.flatMap(examplesIn),
  ...pages.flatMap(({ file, text }) =>
    ['ts', 'ts handoff'].flatMap((info) =>
      fencedBlocks(text, info).map((code) => ({ file, code: withoutImports(code) })),
    ),
  ),
];

// What the reader of an example has at hand.
const given = `
import * as sdk from './index.js';
import { connect, headers } from '@nats-io/transport-node';
const { HandoffRail, HandoffPacket, AlreadyClaimedError, TerminalError, verifyWebhook } = sdk;
declare const rail: sdk.HandoffRail;
declare const packet: sdk.PacketDocument, packets: sdk.PacketDocument[], first: string, second: string;
declare const id: string, approvalId: string, linkId: string, hookId: string, deliveryId: string;
declare const servers: string, apiKey: string, keyId: string, schemaId: string, secret: string, request: Request;
`;

const compile = (code: string): string[] => {
  const name = join(folder, 'all-examples.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => (path === name ? code : readFile(path));
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === name ? ts.createSourceFile(path, code, rest[0]) : getSourceFile(path, ...rest);
  const program = ts.createProgram([name], options, host);
  const file = program.getSourceFile(name);
  return ts.getPreEmitDiagnostics(program, file).map(({ messageText, start = 0 }) => {
    const around = code.slice(Math.max(0, start - 60), start + 60);
    return `${ts.flattenDiagnosticMessageText(messageText, ' ')}, at: ${around}`;
  });
};

/** Methods that people call: not of what is built in the inside, not private. */
const methodsWithout = (text: string): string[] => {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2023, true);
  const missing: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) {
      const comment = text.slice(node.getFullStart(), node.getStart());
      if (!comment.includes('@example') && !comment.includes('@internal')) missing.push(node.name.text);
    }
    ts.forEachChild(node, look);
  };
  look(file);
  return missing;
};

describe('the examples in the docs of the SDK', () => {
  it('compile, as they are printed', { timeout: 60_000 }, () => {
    expect(examples.length).toBeGreaterThan(60);
    const blocks = examples.map(({ code }) => `export const _ = async () => {\n${code}\n};`);
    const numbered = blocks.map((block, n) => block.replace('_', `example${n}`));
    expect(compile(`${given}\n${numbered.join('\n')}`)).toEqual([]);
  });

  it('are there for every method of the client', () => {
    const clients = sources.filter(({ file }) =>
      /^(client|packet-(reads|commands|work|batches)|control\/.*)\.ts$/.test(file),
    );
    expect(clients.length).toBe(9);
    expect(clients.flatMap(({ text }) => methodsWithout(text))).toEqual([]);
  });
});
