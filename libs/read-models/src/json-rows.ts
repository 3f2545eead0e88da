const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi;

/**
 * A row as JSON that Postgres takes. The edge refuses U+0000 and lone surrogates, but a projection never
 * refuses a recorded event: should one be there, it is shown as U+FFFD.
 */
export const jsonRow = (row: object): string => {
  const text = JSON.stringify(row);
  // JSON.stringify escapes only control characters and lone surrogates this way, so the search is rare.
  return text.includes('\\u') ? text.replace(unstorable, '$1\\ufffd') : text;
};

/** Rows as the JSON array that the set-based statements take. */
export const jsonRows = (rows: readonly object[]): string => `[${rows.map(jsonRow).join(',')}]`;

/** A column of a table: its name and its Postgres type. */
export type Columns = Record<string, string>;

/** The `json_to_recordset` source of a set-based statement. `json`, not `jsonb`: it keeps nested text as sent. */
export const recordset = (columns: Columns): string =>
  `json_to_recordset($1::json) as r(${Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})`;
