/** Rows of a query as CSV, JSON and NDJSON, in pieces of many rows. */

/** A value that SQLite returns. */
export type SqlValue = number | string | null | Uint8Array;

export type Rows = Iterable<readonly SqlValue[]>;

/** The rows of a piece, which memory holds. */
const ROWS_AT_ONCE = 1000;

/** The texts of rows, joined into pieces. */
function* joined(rows: Rows, textOf: (row: readonly SqlValue[]) => string): Generator<string> {
  let [piece, held] = ['', 0];
  for (const row of rows) {
    piece += textOf(row);
    if (++held < ROWS_AT_ONCE) continue;
    yield piece;
    [piece, held] = ['', 0];
  }
  if (held > 0) yield piece;
}

export const showBytes = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const NEEDS_QUOTES = /[",\r\n]/;

/** A field of CSV (RFC 4180): NULL is empty, a number has all its digits. Libraries take several times as long. */
function csvField(cell: SqlValue): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell !== 'string') return showBytes(cell);
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function csvLine(row: readonly SqlValue[]): string {
  let line = csvField(row[0]!);
  for (let c = 1; c < row.length; c++) line += `,${csvField(row[c]!)}`;
  return `${line}\n`;
}

/** CSV with a header. */
export function* csvPieces(columns: readonly string[], rows: Rows): Generator<string> {
  yield csvLine(columns);
  yield* joined(rows, csvLine);
}

/** A cell as a JSON value: bytes become hexadecimal text. */
const toJson = (cell: SqlValue) => (cell instanceof Uint8Array ? showBytes(cell) : cell);

const jsonOf = (columns: readonly string[]) => (row: readonly SqlValue[]) =>
  JSON.stringify(Object.fromEntries(columns.map((name, c) => [name, toJson(row[c]!)])));

/** One JSON object a line. */
export function ndjsonPieces(columns: readonly string[], rows: Rows): Generator<string> {
  const json = jsonOf(columns);
  return joined(rows, (row) => `${json(row)}\n`);
}

/** A JSON list of objects, one a line. */
export function* jsonPieces(columns: readonly string[], rows: Rows): Generator<string> {
  const json = jsonOf(columns);
  let separator = '[\n';
  yield* joined(rows, (row) => {
    const text = `${separator}${json(row)}`;
    separator = ',\n';
    return text;
  });
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
