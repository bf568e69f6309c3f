/** Rows of a query as CSV, JSON, NDJSON and Arrow. */
import { Float64, Int64, tableToIPC, Table, Utf8, vectorFromArray, type Vector } from 'apache-arrow';
import { stringify } from 'csv-stringify/sync';

/** What SQLite hands out. */
export type SqlValue = number | string | null | Uint8Array;

type Rows = Iterable<readonly SqlValue[]>;

const asObject = (columns: readonly string[], row: readonly SqlValue[]) =>
  Object.fromEntries(columns.map((name, c) => [name, row[c]]));

/** RFC 4180 with a header; NULL is an empty field. */
export function* csvLines(columns: readonly string[], rows: Rows): Generator<string> {
  yield stringify([columns]);
  for (const row of rows) yield stringify([row]);
}

/** One JSON object a line. */
export function* ndjsonLines(columns: readonly string[], rows: Rows): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(asObject(columns, row))}\n`;
}

/** A JSON list of objects, one a line. */
export function* jsonLines(columns: readonly string[], rows: Rows): Generator<string> {
  let separator = '[\n';
  for (const row of rows) {
    yield `${separator}${JSON.stringify(asObject(columns, row))}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

const showScalar = (cell: number | Uint8Array) =>
  typeof cell === 'number' ? String(cell) : Buffer.from(cell).toString('hex');

/** A column's cells as Arrow: text, whole numbers or numbers, whichever holds them all. */
function toVector(cells: SqlValue[]): Vector {
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell !== 'number'))
    return vectorFromArray(
      cells.map((cell) => (cell === null ? null : typeof cell === 'string' ? cell : showScalar(cell))),
      new Utf8(),
    );
  if (present.every(Number.isSafeInteger))
    return vectorFromArray(
      cells.map((cell) => (cell === null ? null : BigInt(cell as number))),
      new Int64(),
    );
  return vectorFromArray(cells as (number | null)[], new Float64());
}

/** An Arrow IPC file. */
export function arrowBytes(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): Uint8Array {
  const vectors = Object.fromEntries(columns.map((name, c) => [name, toVector(rows.map((row) => row[c]!))]));
  return tableToIPC(new Table(vectors), 'file');
}
