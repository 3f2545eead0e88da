/** Everything that was written somewhere, by the name of the place. */
export type Places = Map<string, string[]>;

/** A secret that stands where it must not. */
export interface Find {
  place: string;
  /** The secret, or the form that it has. */
  secret: string;
}

/** What looks like a secret of ours is one, also when nobody told us of it. */
const forms: [name: string, form: RegExp][] = [
  ['an API key', /hr_[\w-]{43}(?![\w-])/],
  ['a webhook secret', /whsec_[\w+/=-]{16,}/],
  ['a link', /\/a\/[\w-]{107}(?![\w-])/],
];

/** A secret as it is, and as it may be written down. */
const spellings = (secret: string): string[] => [
  ...new Set([
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ]),
];

const findsIn = (place: string, text: string, secrets: Iterable<string>): Find[] => [
  ...[...secrets]
    .filter((secret) => spellings(secret).some((spelled) => text.includes(spelled)))
    .map((secret) => ({ place, secret })),
  ...forms.filter(([, form]) => form.test(text)).map(([name]) => ({ place, secret: name })),
];

/** Every secret in every place, named once for each. */
export const findSecrets = (places: Places, secrets: Iterable<string>): Find[] => {
  const all = [...secrets];
  return [...places].flatMap(([place, texts]) => findsIn(place, texts.join('\n'), all));
};
