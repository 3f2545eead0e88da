import type { RespondBody } from '#libs/contracts';
import { uuidv7 } from '#libs/event-log';
import { type Json, normalizePatch, type PacketCommandData, type PacketLimits } from '#libs/packet';
import { given } from '../packets/simple-commands.js';

/** An answer in the words of its body. `limits` bound the packet that its edits leave. */
export const respondData = (body: RespondBody, limits: PacketLimits): PacketCommandData['respond'] => ({
  response: body.response,
  responded_by: body.responded_by,
  ...given(body, 'decision', 'notes'),
  ...((body.answer ?? null) !== null && { answer: body.answer as Json }),
  ...(body.edits && { edits: normalizePatch(body.edits), limits }),
  next_claim_id: uuidv7(),
});
