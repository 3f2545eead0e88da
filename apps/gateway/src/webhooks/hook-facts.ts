import type { ChangeHookBody, CreateHookBody } from '#libs/contracts';
import type { EndpointFacts, HookFilter } from '#libs/hooks';
import { priorityOf } from '#libs/packet';
import { given } from '../packets/simple-commands.js';

const filterOf = ({ filter }: ChangeHookBody): HookFilter | undefined => {
  if (!filter) return undefined;
  const { priority } = filter;
  const wanted: HookFilter = {
    ...given(filter, 'source_agent', 'target_agent', 'tags'),
    ...(typeof priority === 'number' && { priority }),
    ...(typeof priority === 'string' && { priority: priorityOf(priority).priority }),
  };
  return Object.keys(wanted).length > 0 ? wanted : undefined;
};

const once = (events: readonly string[]): string[] => [...new Set(events)];

/** What a body says of an endpoint, without secret and headers; what it leaves out is left out. */
export const factsOf = (body: ChangeHookBody): Partial<EndpointFacts> => {
  const filter = filterOf(body);
  return {
    ...given(body, 'url', 'description', 'payload', 'ordered', 'rate_per_second'),
    ...(body.events && { events: once(body.events) }),
    ...(filter && { filter }),
  };
};

/** The facts of a new endpoint. */
export const newFactsOf = (body: CreateHookBody): EndpointFacts => ({
  url: body.url,
  events: ['*'],
  payload: 'full',
  ordered: false,
  ...factsOf(body),
});

const clearable = ['description', 'filter', 'rate_per_second', 'headers'] as const;

/** The fields that a change takes away: it names them with null. */
export const clearedBy = (value: unknown): readonly (typeof clearable)[number][] =>
  clearable.filter((field) => (value as Record<string, unknown>)[field] === null);
