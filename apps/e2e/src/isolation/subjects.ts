import type { AnyJson } from '#libs/testing';
import { CannotFill } from './operations.js';
import type { Victim } from './victim.js';

/** What each parameter of a subject is of, and how it is written there. */
const fillings: Record<string, (victim: Victim) => string | undefined> = {
  tenant: ({ tenant }) => tenant,
  key_id: ({ ids }) => ids['key']?.[0],
  packet_id: ({ ids }) => ids['packet']?.[0],
  agent: ({ ids }) => Buffer.from(ids['agent']?.[0] ?? '').toString('base64url'),
};

const fill = (address: string, parameters: AnyJson, victim: Victim): string =>
  address.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const { examples, enum: words } = parameters?.[name] ?? {};
    const value = fillings[name]?.(victim) ?? words?.[0] ?? examples?.[0];
    if (value === undefined) throw new CannotFill(`${address}: the suite has nothing for {${name}}.`);
    return value as string;
  });

/**
 * Every subject of an AsyncAPI document as the victim's, and all that is around it: one level of it left open
 * after the other, and everything below.
 */
export const subjectsOf = (document: AnyJson, victim: Victim): string[] => {
  const addresses = Object.values<AnyJson>(document.channels).map(({ address, parameters }) =>
    fill(address, parameters, victim),
  );
  const around = addresses.flatMap((address) => {
    const tokens = address.split('.');
    const open = tokens.map((_token, at) =>
      tokens.map((token, other) => (other === at ? '*' : token)).join('.'),
    );
    const below = tokens.map((_token, at) => [...tokens.slice(0, at), '>'].join('.'));
    return [...open, ...below];
  });
  return [...new Set([...addresses, ...around])];
};

/** A subject that messages can be sent to. */
export const isPlainSubject = (subject: string): boolean => !/[*>]/.test(subject);
