import type { PoolClient } from 'pg';
import type { EntityMetadata } from 'typeorm';

/** A table, and how its rows are told apart and compared. */
export interface ComparedTable {
  name: string;
  /** SQL: the row's key, as text. */
  key: string;
  /** SQL: everything in the row that must be equal, as text. JSON counts by its meaning. */
  content: string;
}

export interface RowDifference {
  key: string;
  problem: 'missing in the live models' | 'only in the live models' | 'not the same';
}

export interface TableComparison {
  table: string;
  /** Rows of the live table. */
  rows: number;
  equal: boolean;
  /** The first ones found. */
  differences: RowDifference[];
}

/** Where to ask: a transaction that sees both schemas at one moment. */
export interface Comparison {
  client: PoolClient;
  live: string;
  fresh: string;
}

/** One of the two. */
interface Side {
  client: PoolClient;
  schema: string;
}

const buckets = 1_024;
const mostBuckets = 8;
const mostDifferences = 20;

/** Every table of the read models but the checkpoint. */
export const comparedTables = (entities: readonly EntityMetadata[]): ComparedTable[] =>
  entities
    .filter(({ tableName }) => tableName !== 'checkpoints')
    .map(({ tableName, primaryColumns, columns }) => ({
      name: tableName,
      key: `concat_ws(' ', ${primaryColumns.map(({ databaseName }) => databaseName).join(', ')})`,
      content: `row(${columns
        .map(({ databaseName, type }) => (type === 'json' ? `${databaseName}::jsonb` : databaseName))
        .join(', ')})::text`,
    }));

const bucketOf = (key: string): string => `hashtext(${key}) & ${buckets - 1}`;

interface Bucket {
  bucket: number;
  rows: string;
  hash: string;
}

const sums = async ({ client, schema }: Side, { name, key, content }: ComparedTable): Promise<Bucket[]> => {
  const { rows } = await client.query<Bucket>(
    `select ${bucketOf(key)} as bucket, count(*) as rows, sum(hashtextextended(${content}, 0)::numeric) as hash
     from ${schema}.${name} group by 1`,
  );
  return rows;
};

const hashes = async (
  { client, schema }: Side,
  { name, key, content }: ComparedTable,
  wanted: readonly number[],
): Promise<Map<string, string>> => {
  const { rows } = await client.query<{ key: string; hash: string }>(
    `select ${key} as key, md5(${content}) as hash from ${schema}.${name} where ${bucketOf(key)} = any ($1)`,
    [wanted],
  );
  return new Map(rows.map(({ key: rowKey, hash }) => [rowKey, hash]));
};

const differing = (live: readonly Bucket[], fresh: readonly Bucket[]): number[] => {
  const print = ({ rows, hash }: Bucket) => `${rows} ${hash}`;
  const known = new Map(fresh.map((bucket) => [bucket.bucket, print(bucket)]));
  const all = new Map([...live, ...fresh].map((bucket) => [bucket.bucket, bucket]));
  const liveSums = new Map(live.map((bucket) => [bucket.bucket, print(bucket)]));
  return [...all.keys()].filter((bucket) => liveSums.get(bucket) !== known.get(bucket));
};

const differences = (live: Map<string, string>, fresh: Map<string, string>): RowDifference[] => {
  const onlyFresh = [...fresh.keys()].filter((key) => !live.has(key));
  const changed = [...live].filter(([key, hash]) => fresh.has(key) && fresh.get(key) !== hash);
  const onlyLive = [...live.keys()].filter((key) => !fresh.has(key));
  return [
    ...onlyFresh.map((key) => ({ key, problem: 'missing in the live models' }) as const),
    ...changed.map(([key]) => ({ key, problem: 'not the same' }) as const),
    ...onlyLive.map((key) => ({ key, problem: 'only in the live models' }) as const),
  ];
};

/** Compares one table by sums of row hashes; where they differ, names rows. */
export const compareTable = async (
  { client, live, fresh }: Comparison,
  table: ComparedTable,
): Promise<TableComparison> => {
  const [liveSide, freshSide] = [
    { client, schema: live },
    { client, schema: fresh },
  ];
  const liveSums = await sums(liveSide, table);
  const wanted = differing(liveSums, await sums(freshSide, table)).slice(0, mostBuckets);
  const found =
    wanted.length === 0
      ? []
      : differences(await hashes(liveSide, table, wanted), await hashes(freshSide, table, wanted));
  return {
    table: table.name,
    rows: liveSums.reduce((total, { rows }) => total + Number(rows), 0),
    equal: wanted.length === 0,
    differences: found.slice(0, mostDifferences),
  };
};
