import type { Forwarded } from '../listen/forward.js';
import { oneLine } from './plain.js';
import type { Shape } from './shape.js';

/** To where events are forwarded, and what signs them. */
export const listeningLine: Shape<{ forwarding_to: string; secret: string }> = {
  text: ({ forwarding_to, secret }, { paint }) =>
    `Forwarding to ${paint.bold(forwarding_to)}, signed with ${secret}. Ctrl-C ends it.`,
};

/** One event that was forwarded, and its answer. */
export const forwardedLine: Shape<Forwarded> = {
  text: ({ type, packet_id, status_code, duration_ms, error }, { paint }) => {
    const code = String(status_code ?? 'no answer');
    const answer = error === null ? paint.green(code) : paint.red(code);
    const why = error ? `: ${oneLine(error)}` : '';
    return `${type}  ${paint.dim(packet_id)}  ${answer} in ${duration_ms} ms${why}`;
  },
  ids: ({ event_id }) => [event_id],
};
