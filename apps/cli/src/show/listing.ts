import { manyLines, oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';
import { type Column, facts, table } from './table.js';

interface Page {
  /** Null at the end. */
  next_cursor: string | null;
  /** Of the whole filter, where somebody counts it. */
  total?: number;
}

interface Rows<P, Row> {
  rows(page: P): readonly Row[];
  columns(look: Look): Column<Row>[];
  /** Said where there are no rows. */
  none: string;
  id(row: Row): string;
}

const rest = ({ next_cursor, total }: Page, shown: number): string[] => {
  if (next_cursor === null) return [];
  const count = total === undefined ? `${shown} and more` : `${shown} of ${total}`;
  return ['', `${count}; --all shows everything.`];
};

/** A page of anything, a line each, and whether there is more. */
export const listShape = <P extends Page, Row>({ rows, columns, none, id }: Rows<P, Row>): Shape<P> => ({
  text: (page, look) => {
    const shown = rows(page);
    const body = shown.length === 0 ? look.paint.dim(none) : table(columns(look), shown, look);
    return [body, ...rest(page, shown.length).map(look.paint.dim)].join('\n');
  },
  ids: (page) => rows(page).map(id),
});

type Fact = [
  name: string,
  value: string | number | boolean | null | undefined,
  paint?: (text: string) => string,
];

const told = ([, value, paint = (text) => text]: Fact): string | null => {
  if (value === null || value === undefined || value === false || value === '') return null;
  return value === true ? 'yes' : paint(manyLines(String(value)));
};

/** One document: what it is called, and what is known of it. */
export const cardText = (title: string, known: Fact[], look: Look): string => {
  const pairs = known.map((fact): [string, string | null] => [fact[0], told(fact)]);
  return [look.paint.bold(oneLine(title)), facts(pairs, look)].filter((part) => part !== '').join('\n');
};

/** Something that is no more. */
interface Ended {
  id: string;
  removed?: true;
  revoked?: true;
}

/** What was done to something that is told by its id only. */
export const doneLine = (word: string): Shape<Ended> => ({
  text: ({ id }, { paint }) => `${word} ${paint.bold(oneLine(id))}.`,
  ids: ({ id }) => [id],
});
