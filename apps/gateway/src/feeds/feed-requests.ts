import { FeedQuery } from '#libs/contracts';
import { credentialOf } from '../auth/authenticate.js';
import { hashKey } from '../auth/key-records.js';
import { type ApiRequest, headerOf } from '../http/call.js';
import { invalidField } from '../http/problem-error.js';
import { queryOf } from '../reads/list-filter.js';
import { channelForm, mostChannels, parseChannel, splitChannels } from './channels.js';

/** What a reader asks for when it comes. */
export interface FeedRequest {
  /** Undefined: everything. */
  channels?: ReadonlySet<string>;
  cursor?: string;
  /** What its key is stored under. */
  keyHash: string;
}

const channelsOf = (given: readonly string[]): Set<string> => {
  const channels = splitChannels(given).map((text) => {
    const channel = parseChannel(text);
    if (channel === null)
      throw invalidField('subscribe', 'unknown_channel', `Name channels as ${channelForm}.`);
    return channel;
  });
  if (channels.length > mostChannels)
    throw invalidField('subscribe', 'too_many', `Name ${mostChannels} channels at most.`);
  return new Set(channels);
};

/** The channels and the cursor of a request; a browser that reconnects sends the cursor as header. @throws ProblemError */
export const feedRequestOf = (request: ApiRequest): FeedRequest => {
  const { subscribe, last_event_id } = queryOf(FeedQuery, request);
  const cursor = headerOf(request, 'last-event-id') || last_event_id;
  return {
    keyHash: hashKey(credentialOf(request) ?? ''),
    ...(subscribe && { channels: channelsOf(subscribe) }),
    ...(cursor && { cursor }),
  };
};
