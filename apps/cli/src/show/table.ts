import type { Look } from './shape.js';
import { oneLine, padded, shortened, widthOf } from './plain.js';
import type { Paint } from './paint.js';

/** One column: what it is called, what stands in it, and how that looks. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  paint?: (text: string, paint: Paint, row: Row) => string;
  /** May be cut where the terminal is too narrow. */
  flexible?: boolean;
}

const gap = '  ';
const leastColumns = 12;

const widest = <Row>(column: Column<Row>, cells: string[]): number =>
  Math.max(widthOf(column.title), ...cells.map(widthOf));

/** Gives what is left of the terminal to the flexible columns, in equal parts. */
const fitted = <Row>(columns: Column<Row>[], widths: number[], available: number): number[] => {
  const total = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1);
  const flexible = columns.filter((column) => column.flexible).length;
  if (total <= available || flexible === 0) return widths;
  const each = Math.ceil((total - available) / flexible);
  return widths.map((width, at) =>
    columns[at]?.flexible ? Math.max(Math.min(width, leastColumns), width - each) : width,
  );
};

/** Rows under their titles, in columns. On a terminal no line is longer than it is wide. */
export const table = <Row>(
  columns: Column<Row>[],
  rows: readonly Row[],
  { paint, columns: available }: Look,
) => {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(String(value(row) ?? ''))));
  const natural = columns.map((column, at) =>
    widest(
      column,
      cells.map((line) => line[at] ?? ''),
    ),
  );
  const widths = fitted(columns, natural, available);
  const last = columns.length - 1;
  const fit = (text: string, at: number) => {
    const cut = shortened(text, widths[at] ?? 0);
    return at === last ? cut : padded(cut, widths[at] ?? 0);
  };
  const titles = columns.map(({ title }, at) => paint.dim(fit(title, at))).join(gap);
  const lines = rows.map((row, line) =>
    columns
      .map((column, at) => {
        const text = fit(cells[line]?.[at] ?? '', at);
        return column.paint ? column.paint(text, paint, row) : text;
      })
      .join(gap)
      .trimEnd(),
  );
  return [titles.trimEnd(), ...lines].join('\n');
};

/** Names and what they stand for, a line each; what is empty is left out. */
export const facts = (pairs: [name: string, value: string | null | undefined][], { paint }: Look): string => {
  const given = pairs.filter((pair): pair is [string, string] => Boolean(pair[1]));
  const width = Math.max(0, ...given.map(([name]) => widthOf(name)));
  const lines = given.map(([name, value]) => {
    const [first = '', ...more] = value.split('\n');
    const indent = ' '.repeat(width + gap.length * 2);
    return [
      `${gap}${paint.dim(padded(name, width))}${gap}${first}`,
      ...more.map((line) => indent + line),
    ].join('\n');
  });
  return lines.join('\n');
};
