/** Columns of `points` that follow from others, as SQL: what `space/derive.ts` is for batches. */
import { TIE } from '../model/bottleneck.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Column } from '../space/columns.js';
import { strideOf, type Grid } from '../space/grid.js';

type Value = number | string;

/** Writes a number so that SQLite reads that very number. */
export type ShowNumber = (value: number) => string;

/** Choices of a CASE that SQLite walks one by one; longer ones are halved first. */
const WALKED = 8;

/** More choices are looked up in a list of texts as long as each other: SQLite takes too long to read so many cases. */
const MOST_CASES = 512;

/** Quotes a name for SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const quotedText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * SQL of a derived column; undefined for one that is stored.
 *
 * @param facts one a workload
 */
export function derivedSql(
  column: Column,
  grid: Grid,
  facts: readonly WorkloadFacts[],
  showNumber: ShowNumber,
): string | undefined {
  const { source } = column;
  const show = (value: Value) =>
    typeof value === 'string' ? quotedText(value) : column.type === 'int' ? String(value) : showNumber(value);
  switch (source.from) {
    case 'digit': {
      const digit = digitSql(grid, source.digit);
      return source.values.length > MOST_CASES && column.type === 'real'
        ? lookUp(digit, source.values.map(Number), showNumber)
        : choice(digit, source.values.map(show));
    }
    case 'time': {
      const { what } = source;
      const above =
        typeof what === 'function'
          ? choice(digitSql(grid, 0), facts.map(what).map(showNumber))
          : `${quoted(what.metric)} * ${showNumber(what.times)}`;
      return `${above} / ${quoted('time_ms')}`;
    }
    case 'largest':
      return largestSql(source.of.map(quoted), column.type === 'text' ? column.dictionary : source.of, showNumber);
    default:
      return undefined;
  }
}

/** The label of the first column that is the largest, or within `TIE` of it. */
function largestSql(names: readonly string[], labels: readonly string[], showNumber: ShowNumber): string {
  const largest = `max(${names.join(', ')})`;
  const cases = names.map(
    (name, i) => `WHEN ${name} * ${showNumber(1 + TIE)} >= ${largest} THEN ${quotedText(labels[i]!)}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

/** A digit of the id. */
function digitSql(grid: Grid, digit: number): string {
  const radix = grid.radices[digit]!;
  const stride = strideOf(grid, digit);
  if (radix === 1) return '0';
  const shifted = stride === 1 ? 'id' : `id / ${stride}`;
  return digit === 0 ? shifted : `${shifted} % ${radix}`;
}

/** The number that a digit stands for, out of a blob of decimals: it is found at once, however many there are. */
function lookUp(digit: string, values: readonly number[], showNumber: ShowNumber): string {
  const texts = values.map(showNumber);
  if (texts.some((text) => Number.isNaN(Number(text)))) return choice(digit, texts);
  const width = Math.max(...texts.map((text) => text.length));
  const blob = Buffer.from(texts.map((text) => text.padEnd(width)).join('')).toString('hex');
  return `CAST(substr(x'${blob}', 1 + ${width} * (${digit}), ${width}) AS REAL)`;
}

/** The text that a digit stands for. */
function choice(digit: string, texts: readonly string[], first = 0): string {
  if (new Set(texts).size === 1) return texts[0]!;
  if (texts.length <= WALKED)
    return `CASE ${digit} ${texts.map((text, i) => `WHEN ${first + i} THEN ${text}`).join(' ')} END`;
  const half = texts.length >> 1;
  const [low, high] = [choice(digit, texts.slice(0, half), first), choice(digit, texts.slice(half), first + half)];
  return `CASE WHEN ${digit} < ${first + half} THEN ${low} ELSE ${high} END`;
}

/**
 * Numbers as SQL. SQLite does not read every decimal to the nearest double; where the shortest one fails, a fraction with
 * a power of two below it is exact.
 *
 * @param read what SQLite makes of a literal
 */
export function exactNumbers(read: (sql: string) => number): ShowNumber {
  return (value) => {
    if (Number.isNaN(value)) return 'NULL';
    const shortest = Number.isInteger(value) && Math.abs(value) < 2 ** 53 ? `${value}.0` : String(value);
    if (Object.is(read(shortest), value)) return shortest;
    let [numerator, exponent] = [value, 0];
    while (!Number.isInteger(numerator)) [numerator, exponent] = [numerator * 2, exponent + 1];
    while (Math.abs(numerator) >= 2 ** 53) [numerator, exponent] = [numerator / 2, exponent - 1];
    const scaled =
      exponent >= 0
        ? `${numerator}.0${' / 2147483648.0'.repeat(Math.floor(exponent / 31))} / ${2 ** (exponent % 31)}.0`
        : undefined;
    if (scaled !== undefined && Object.is(read(scaled), value)) return `(${scaled})`;
    throw new RangeError(`${value} cannot be written for SQLite`);
  };
}
