import { hash } from 'node:crypto';
import { uuidv7 } from '#libs/event-log';
import type { CommandId, PacketId } from '#libs/packet';

const formatUuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** A UUIDv8 (RFC 9562) of these parts: the same parts always give the same id. */
export const derivedUuid = (...parts: (string | number)[]): string => {
  const hex = hash('sha256', JSON.stringify(parts), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return formatUuid(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
};

export const newPacketId = (): PacketId => uuidv7() as PacketId;
export const newCommandId = (): CommandId => uuidv7() as CommandId;
