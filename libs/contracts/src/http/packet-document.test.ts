import 'reflect-metadata';
import type { CreateInput, PacketDocument, PatchInput } from '#libs/packet';
import { expect, it } from 'vitest';
import type { CreatePacketBody, UpdatePacketBody } from './packet-bodies.js';
import type { PacketDocumentBody } from './packet-document.js';
import { packetSchema } from './published.js';

/** That these compile is the test: the classes and the domain's types say the same. */
const shown = (packet: PacketDocument): PacketDocumentBody => packet;
const taken = {
  metadata: (body: CreatePacketBody['metadata']): CreateInput['metadata'] => body,
  decisions: (body: UpdatePacketBody['decisions']): PatchInput['decisions'] => body,
};

it('describes the document that the domain makes, and takes what the domain takes', () => {
  expect([shown, ...Object.values(taken)]).toHaveLength(3);
});

it('publishes a schema that names every field of the document, and lets later ones come', () => {
  const { properties = {}, required = [], additionalProperties, $defs } = packetSchema();
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(['id', 'claim', 'chain', '_links']));
  expect(required).toEqual(Object.keys(properties));
  expect(additionalProperties).toBeUndefined();
  expect(Object.keys($defs ?? {})).toContain('ClaimDocument');
});
