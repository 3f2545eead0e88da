import { type AnyJson, readEvents, type SseReader, smallPacket } from '#libs/testing';
import type { TestGateway } from '../gateway.features.js';

/** A life of three events. */
export const liveOnce = async (gateway: Pick<TestGateway, 'client'>, more: object = {}): Promise<string> => {
  const client = gateway.client();
  const { body } = await client.post('packets', smallPacket('a', 's', { claim_policy: 'open', ...more }));
  await client.post(`packets/${body.id}/claim`, { agent_id: 'a' });
  await client.post(`packets/${body.id}/complete`, { result: 1 });
  return body.id as string;
};

export const follow = (
  { url, key }: { url: string; key: string },
  {
    query = '',
    lastEventId,
    as = key,
  }: { query?: string; lastEventId?: string | undefined; as?: string } = {},
): Promise<SseReader> =>
  readEvents(`${url}/api/v1/events${query}`, { key: as, ...(lastEventId !== undefined && { lastEventId }) });

/** The packet's events of a stream, without what the stream says of itself. */
export const packetEvents = ({
  events,
}: SseReader): { id: string | undefined; type: string; data: AnyJson }[] =>
  events.filter(({ type }) => type.startsWith('packet.'));

/** Revision by revision, as `packet revision`. */
export const told = (reader: SseReader): string[] =>
  packetEvents(reader).map(({ data }) => `${data.packet_id} ${data.revision}`);
