import { type PacketFilterBody, packetStatuses, ReasonsBody } from '#libs/contracts';
import { allowed } from '#libs/packet';
import type { PacketFilter } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { repeatableOf } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { invalidField } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { filterOf } from '../reads/list-filter.js';
import { PacketBatches } from './packet-batches.js';
import { PacketChoices } from './packet-choices.js';

type FilteredType = 'retry' | 'cancel';

const defaultLimit = 100;

const refuse = (field: string, message: string) => invalidField(field, 'contradiction', message);

/** Exactly one of the two says which packets, and what belongs to a filter comes with one. @throws ProblemError */
const checkTarget = ({ packet_ids, filter, limit, dry_run }: ReasonsBody): void => {
  const [hasIds, hasFilter] = [packet_ids, filter].map((given) => given !== undefined && given !== null);
  if (hasIds === hasFilter)
    throw refuse(hasIds ? 'filter' : 'packet_ids', 'Send either packet_ids or filter.');
  if (hasFilter) return;
  if (limit !== undefined && limit !== null) throw refuse('limit', 'Send limit only with filter.');
  if (dry_run !== undefined && dry_run !== null) throw refuse('dry_run', 'Send dry_run only with filter.');
};

const possibleIn = (type: FilteredType) =>
  packetStatuses.filter((status) => (allowed[status] as readonly string[]).includes(type));

/** The statuses that are wanted, if the command is possible in each. @throws ProblemError */
const statusesOf = (type: FilteredType, wanted: readonly string[] | undefined) => {
  const possible = possibleIn(type);
  const wrong = wanted?.filter((status) => !possible.some((one) => one === status)) ?? [];
  if (wrong.length === 0) return possible.filter((status) => wanted?.includes(status) ?? true);
  const message = `${type} is possible in ${possible.join(', ')}: leave out ${wrong.join(', ')}.`;
  throw invalidField('filter.status', 'not_possible', message);
};

/** The filter of a body; one that narrows nothing is a slip, not a wish. @throws ProblemError */
const wantedBy = (type: FilteredType, body: PacketFilterBody): PacketFilter => {
  const given: PacketFilterBody = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null),
  );
  if (Object.keys(given).length === 0)
    throw invalidField('filter', 'empty', 'Say which packets, for example by {"dead_letter": true}.');
  return filterOf({ ...given, status: statusesOf(type, given.status) });
};

/** Batches whose packets a filter may choose: retry and cancel. */
@Injectable()
export class FilteredBatches {
  constructor(
    @Inject(PacketBatches) private readonly batches: PacketBatches,
    @Inject(PacketChoices) private readonly choices: PacketChoices,
  ) {}

  async run(type: FilteredType, request: ApiRequest, reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const body = checked(ReasonsBody, value);
    checkTarget(body);
    const { filter, packet_ids, limit, dry_run } = body;
    const repeatable = repeatableOf(request, value);
    const batch = { type, body, repeatable };
    if (!filter) return this.batches.each(request, reply, { ...batch, ids: packet_ids ?? [] });
    const wanted = { filter: wantedBy(type, filter), limit: limit ?? defaultLimit };
    await this.choices.awaitOwnWrites(request, reply);
    if (dry_run) {
      const chosen = await this.choices.find(request, wanted);
      return sendJson(reply, 200, { ...nothing[type], ...chosen, dry_run });
    }
    const chosen = await this.choices.findOnce(request, { type, repeatable, wanted });
    const told = { ...chosen, dry_run: false };
    return this.batches.each(request, reply, { ...batch, ids: chosen.packet_ids, told });
  }
}

const nothing = {
  retry: { retried: [], errors: [] },
  cancel: { cancelled: [], errors: [] },
} as const satisfies Record<FilteredType, object>;
