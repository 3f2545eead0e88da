const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (character) => entities[character] ?? '');

/** A piece of a page. Only `html` makes one, so whatever is in it was written here or escaped. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(parts: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(parts.reduce((text, part, at) => text + print(values[at - 1]) + part));
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a page: texts are escaped, lists joined; `undefined`, `null` and `false` are nothing. */
export type HtmlValue = Html | string | number | undefined | null | false | readonly HtmlValue[];

const print = (value: HtmlValue): string => {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return escaped(value);
  return typeof value === 'number' ? String(value) : value.map(print).join('');
};

/**
 * A piece of a page, from a template: every value in it is escaped, unless it is such a piece itself. Put
 * values between tags or into quoted attributes only, never into a script, a style or a URL.
 */
export const html = (parts: TemplateStringsArray, ...values: HtmlValue[]): Html => Html.of(parts, values);
