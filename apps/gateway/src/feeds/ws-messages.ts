import type { FeedSessions, FeedSession } from './feed-sessions.js';
import type { TenantId } from '#libs/packet';
import { channelForm, everything, mostChannels, parseChannel } from './channels.js';
import type { WsStream } from './ws-stream.js';

/** What a client may say. */
type ClientMessage =
  | { action: 'subscribe' | 'unsubscribe'; channel: string }
  | { action: 'resume'; cursor: string }
  | { action: 'ping' };

/** A connection and who speaks on it. */
export interface Conversation {
  stream: WsStream;
  session: FeedSession;
  sessions: FeedSessions;
  tenant: TenantId;
}

const parse = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const read = (text: string): ClientMessage | null => {
  const { action, channel, cursor } = parse(text);
  if (action === 'ping') return { action };
  if (action === 'resume') return typeof cursor === 'string' ? { action, cursor } : null;
  const isKnown = action === 'subscribe' || action === 'unsubscribe';
  return isKnown && typeof channel === 'string' ? { action, channel } : null;
};

/** Whoever names a first channel wants that, and not everything any more. */
const added = (channels: ReadonlySet<string>, channel: string): Set<string> => {
  if (channel === everything) return new Set([everything]);
  return new Set([...channels, channel].filter((one) => one !== everything));
};

const without = (channels: ReadonlySet<string>, channel: string): Set<string> =>
  new Set([...channels].filter((one) => one !== channel));

const refuse = ({ stream }: Conversation, code: string, message: string): void =>
  stream.tell('error', { code, message });

const changeChannels = (
  conversation: Conversation,
  { action, channel: text }: { action: 'subscribe' | 'unsubscribe'; channel: string },
): void => {
  const { stream, session } = conversation;
  const channel = parseChannel(text);
  if (channel === null) return refuse(conversation, 'unknown_channel', `Name channels as ${channelForm}.`);
  const channels = (action === 'subscribe' ? added : without)(session.channels, channel);
  if (channels.size > mostChannels)
    return refuse(conversation, 'too_many_channels', `Name ${mostChannels} channels at most.`);
  session.channels = channels;
  stream.tell(action === 'subscribe' ? 'subscribed' : 'unsubscribed', { channel });
};

const resume = async (conversation: Conversation, cursor: string): Promise<void> => {
  const { stream, session, sessions, tenant } = conversation;
  try {
    const place = await sessions.place(tenant, cursor);
    if (!session.isOver) stream.tell('resumed', { cursor });
    session.move(place);
  } catch {
    refuse(conversation, 'unavailable', 'The feed cannot be resumed now: try again.');
  }
};

/** Does what a client asks for. */
export const answerMessage = async (conversation: Conversation, text: string): Promise<void> => {
  const message = read(text);
  if (message === null)
    return refuse(
      conversation,
      'bad_message',
      'Send {"action": "subscribe" | "unsubscribe", "channel"}, {"action": "resume", "cursor"} or {"action": "ping"}.',
    );
  if (message.action === 'ping') return conversation.stream.tell('pong', {});
  if (message.action === 'resume') return resume(conversation, message.cursor);
  changeChannels(conversation, message);
};
