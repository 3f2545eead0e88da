import { expect, test } from 'vitest';
import { type Client, smallPacket } from '#libs/testing';

/** What was written is found: in lists, page by page, and by its words. */
export const testReading = (withClient: (run: (client: Client) => Promise<void>) => Promise<void>): void => {
  test('a list sees the write that came before it, filtered and paged without a gap', () =>
    withClient(async (client) => {
      const tag = `list-${Date.now()}`;
      const body = () =>
        smallPacket('t-1', 's-1', { metadata: { ...smallPacket('t-1', 's-1').metadata, tags: [tag] } });
      const ids: string[] = [];
      for (let n = 0; n < 7; n += 1) ids.push((await client.post('packets', body())).body.id);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await client.get(
          `packets?tags=${tag}&limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
        );
        expect(page.status).toBe(200);
        expect(page.body.total).toBe(7);
        seen.push(...page.body.packets.map((packet: { id: string }) => packet.id));
        cursor = page.body.next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual([...ids].reverse());
      const none = await client.get(`packets?tags=${tag}&status=completed,failed`);
      expect(none.body).toMatchObject({ packets: [], total: 0 });
      expect((await client.get('packets?status=sleeping')).body).toMatchObject({
        status: 422,
        code: 'validation_failed',
      });
    }));

  test('search finds words of the text, survives any input and shows where', () =>
    withClient(async (client) => {
      const word = `zebra${Date.now()}`;
      const { body } = await client.post(
        'packets',
        smallPacket('t-1', 's-1', { context: { summary: `The ${word} is striped` } }),
      );
      const found = await client.get(`packets/search?q=${word}`);
      expect(found.status).toBe(200);
      expect(found.body.packets.map((packet: { id: string }) => packet.id)).toEqual([body.id]);
      for (const hostile of [
        "'; drop table packets; --",
        '"unclosed',
        '!!! & | ( :*',
        '%',
        '\\\\',
        '<->',
        'a b:c*',
      ]) {
        const answer = await client.get(`packets/search?q=${encodeURIComponent(`${hostile} `)}`);
        expect([200, 422], hostile).toContain(answer.status);
      }
    }));
};
