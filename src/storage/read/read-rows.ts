/** Rows of a study's database as batches of its columns. */
import type Database from 'better-sqlite3';
import { makeBatch, type Batch, type Column } from '../../space/columns.js';
import { namesOf } from '../database/names.js';

type Cell = number | string | null;

/** How SQLite's cells of a column become a batch's. */
function codeOf(column: Column): (cell: Cell) => number {
  if (column.type !== 'text') return (cell) => (cell === null ? Number.NaN : Number(cell));
  const codes = new Map<Cell, number>(column.dictionary.map((text, code) => [text, code]));
  return (cell) => codes.get(cell) ?? -1;
}

function addRow(batch: Batch, codes: readonly ((cell: Cell) => number)[], cells: readonly Cell[]): void {
  for (let c = 0; c < codes.length; c++) batch.columns[c]![batch.rows] = codes[c]!(cells[c]!);
  batch.rows++;
}

/** The same rows in arrays that hold no more. */
function trim({ rows, columns }: Batch): Batch {
  return { rows, columns: columns.map((column) => column.subarray(0, rows)) };
}

/** All rows of the stored columns, ids ascending, in batches of at most `rows`. */
export function* readBatches(db: Database.Database, columns: readonly Column[], rows: number): Generator<Batch> {
  const codes = columns.map(codeOf);
  const all = db.prepare(`SELECT ${namesOf(columns)} FROM evaluated ORDER BY id`).raw(true);
  let batch = makeBatch(columns, rows);
  for (const cells of all.iterate() as IterableIterator<Cell[]>) {
    addRow(batch, codes, cells);
    if (batch.rows < rows) continue;
    yield batch;
    batch = makeBatch(columns, rows);
  }
  if (batch.rows > 0) yield trim(batch);
}

/** The points of one range of ids. */
export interface Block {
  batch: Batch;
  /** Points that are stored in the range, with those that a condition leaves out. */
  passed: number;
}

/**
 * All columns of the points where a condition holds, ids ascending, one block for every `rows` stored points: the reader
 * gets control regularly, even where no point meets the condition.
 *
 * @param condition SQL that `checkCondition` has accepted
 */
export function* readBlocks(
  db: Database.Database,
  columns: readonly Column[],
  rows: number,
  condition = '1',
): Generator<Block> {
  const codes = columns.map(codeOf);
  const ids = db.prepare('SELECT count(*), max(id) FROM (SELECT id FROM evaluated WHERE id >= ? ORDER BY id LIMIT ?)');
  const select = db.prepare(
    `SELECT ${namesOf(columns)} FROM points WHERE id BETWEEN ? AND ? AND (${condition}\n) ORDER BY id`,
  );
  for (let from = 0; ;) {
    const [passed, last] = ids.raw(true).get(from, rows) as [number, number | null];
    if (last === null) return;
    const batch = makeBatch(columns, passed);
    for (const cells of select.raw(true).iterate(from, last) as IterableIterator<Cell[]>) addRow(batch, codes, cells);
    yield { batch: trim(batch), passed };
    from = last + 1;
  }
}

/** A reader of rows of the stored columns, with ids from `from` up to, not including, `to`, ascending. */
export function rowReader(db: Database.Database, columns: readonly Column[]): (from: number, to: number) => Batch {
  const count = db.prepare('SELECT count(*) FROM evaluated WHERE id >= ? AND id < ?').pluck();
  const select = db.prepare(`SELECT ${namesOf(columns)} FROM evaluated WHERE id >= ? AND id < ? ORDER BY id`).raw(true);
  const codes = columns.map(codeOf);
  return (from, to) => {
    const batch = makeBatch(columns, count.get(from, to) as number);
    for (const cells of select.iterate(from, to) as IterableIterator<Cell[]>) addRow(batch, codes, cells);
    return batch;
  };
}
