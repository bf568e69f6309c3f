/** Tables made page by page, read by SQLite, which has to find them sound. */
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { appendFileSync, closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_CHILDREN } from '../../src/pages/interior-page.js';
import { PAGE_BYTES, RowPageEncoder } from '../../src/pages/row-pages.js';
import { PointsLoader, type Loaded } from '../../src/store/points-loader.js';
import { LOCK_PAGE, TableTree } from '../../src/store/table-tree.js';
import { batchOf, COLUMNS, manyRows, meant, SELECT, someRows, TABLE, type Cells } from '../helpers/row-batches.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const encode = (rows: readonly Cells[]) => new RowPageEncoder(COLUMNS).encode(batchOf(rows));

/** A database with an empty table, and where its rows are to go on from. */
function emptyTable(): { folder: string; file: string; loaded: Loaded } {
  const folder = makeFolder();
  const file = join(folder, 'study.db');
  const db = new Database(file);
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.exec(TABLE);
  db.exec('CREATE TABLE other (a); INSERT INTO other VALUES (1)');
  const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'points'").pluck().get() as number;
  db.close();
  return { folder, file, loaded: { root, pages: statSync(file).size / PAGE_BYTES, leaves: 0 } };
}

function contentsOf(file: string) {
  const db = new Database(file, { readonly: true });
  try {
    return { rows: db.prepare(SELECT).raw().all(), sound: db.pragma('integrity_check', { simple: true }) };
  } finally {
    db.close();
  }
}

/** Loads chunks, by one loader after the other: each stops after some, and leaves more in the files than it says. */
function loadInTurns(turns: readonly (readonly (readonly Cells[])[])[]): string {
  const { folder, file, loaded } = emptyTable();
  const ids = join(folder, 'last-ids');
  let from = loaded;
  turns.forEach((chunks, turn) => {
    const loader = new PointsLoader(file, ids, from);
    for (const rows of chunks) loader.add(encode(rows));
    from = loader.flush();
    if (turn === turns.length - 1) loader.finish();
    else {
      // As one that is killed: it has gone on for a while.
      loader.add(encode(manyRows(700, 2 ** 52)));
      loader.add(encode(manyRows(1, 2 ** 53 - 1)));
    }
    loader.close();
    if (turn < turns.length - 1) [file, ids].forEach((each) => appendFileSync(each, 'rest'));
  });
  return file;
}

/** Cuts a list after some of its items. */
function cut<T>(items: readonly T[], cuts: readonly number[]): T[][] {
  const at = [0, ...cuts.map((place) => place % (items.length + 1)).sort((a, b) => a - b), items.length];
  return at.slice(1).map((to, i) => items.slice(at[i], to));
}

describe('a table loaded page by page', () => {
  it('holds what chunks brought, however large they were, and where loading stopped and went on', () => {
    fc.assert(
      fc.property(
        someRows,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 2 }),
        (rows, a, b) => {
          const chunks = cut(rows, a).filter(({ length }) => length > 0);
          const file = loadInTurns(cut(chunks, b));
          expect(contentsOf(file)).toEqual({ rows: meant(rows), sound: 'ok' });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is empty without rows', () => {
    expect(contentsOf(loadInTurns([[]]))).toEqual({ rows: [], sound: 'ok' });
  });

  it('packs rows that come one by one', () => {
    const rows = manyRows(3000);
    const file = loadInTurns([rows.map((row) => [row])]);
    const packed = loadInTurns([[rows]]);
    expect(contentsOf(file)).toEqual({ rows: meant(rows), sound: 'ok' });
    expect(statSync(file).size).toBeLessThanOrEqual(statSync(packed).size);
  });

  it.each([
    ['one level', MOST_CHILDREN],
    ['two', MOST_CHILDREN + 1],
    ['two, several pages of them', 5 * MOST_CHILDREN + 1],
  ])('has %s of pages above its leaves', (_, leaves) => {
    const { folder, file, loaded } = emptyTable();
    const loader = new PointsLoader(file, join(folder, 'last-ids'), loaded);
    const all = manyRows(leaves);
    for (const row of all) {
      loader.add(encode([row]));
      loader.flush(); // a leaf for each row
    }
    loader.finish();
    loader.close();
    expect(contentsOf(file)).toEqual({ rows: meant(all), sound: 'ok' });
  });

  const big = manyRows(5000);
  const { pages, lastIds } = encode(big);
  // Pages of the file before the leaves, counted from the one that is not for data.
  const places = [-lastIds.length - 3, -lastIds.length, -20, -4, -3, -2, -1, 0, 1].map((place) => LOCK_PAGE + place);
  it.each(places)('leaves out the page by which SQLite locks the file (%d pages before)', (before) => {
    const { file, loaded } = emptyTable();
    truncateSync(file, before * PAGE_BYTES); // a hole: pages that nobody uses
    const fd = openSync(file, 'r+');
    const tree = new TableTree(fd, loaded.root, before);
    tree.writeLeaves(0, pages.subarray(0, 3 * PAGE_BYTES));
    tree.writeLeaves(3, pages.subarray(3 * PAGE_BYTES));
    const size = tree.finish(lastIds.length, (from, to) => lastIds.subarray(from, to));
    closeSync(fd);
    const isAcross = before < LOCK_PAGE && before + lastIds.length >= LOCK_PAGE;
    expect(size - before).toBe(lastIds.length + (isAcross ? 1 : 0));
    const db = new Database(file, { readonly: true });
    const found = db.pragma('integrity_check(100000)') as { integrity_check: string }[];
    const problems = found.flatMap(({ integrity_check: text }) => text.split('\n'));
    expect(problems.filter((text) => !/^Page \d+: never used$|^\*\*\* in database/.test(text))).toEqual([]);
    expect(db.prepare(SELECT).raw().all()).toEqual(meant(big));
    db.close();
  });
});
