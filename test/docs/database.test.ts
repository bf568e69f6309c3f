/** What docs/sql.md says may be added to a study's database, added, and kept. */
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/console-blocks.js';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed } from '../helpers/command.js';
import { SMALL, WIDE, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const page = readFileSync(join(ROOT, 'docs/sql.md'), 'utf8');
const section = page.split(/^(?=## )/m).find((text) => text.startsWith('## The database is yours\n'))!;
const [, statements] = /^```sql\n([\s\S]*?)^```$/m.exec(section)!;

const ADDED = ['by_area', 'noted', 'notes', 'priced'];
const addedTo = (study: string) =>
  rowsOf<{ name: string }>(
    study,
    `SELECT name FROM sqlite_schema WHERE name IN (${ADDED.map((name) => `'${name}'`).join(', ')}) ORDER BY name`,
  ).map(({ name }) => name);

function write(study: string, sql: string): void {
  const db = new Database(join(study, 'study.db'));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** 18,000 points, more than a chunk has, so that two shards have points each. */
const SEVERAL_CHUNKS: SweepSpec = {
  ...WIDE,
  axes: { ...WIDE.axes, l2_gbps: { range: { from: 1000, to: 8000, steps: 100 } } },
};

/** Points, and those of them that the trigger has not priced. */
const PRICES = 'SELECT count(*) AS points, sum(price IS NULL AND area_mm2 IS NOT NULL) AS unpriced FROM evaluated';

describe('the statements of "The database is yours" in docs/sql.md', () => {
  it('are kept by a run that makes deleted rows of a finished study again', async () => {
    const folder = makeFolder();
    const study = join(folder, 'results/small');
    await printed(['run', writeSpec(folder, SMALL)], folder);
    const rows = rowsOf(study, 'SELECT * FROM points');
    write(study, statements!);
    write(study, 'DELETE FROM evaluated WHERE id % 7 = 0');
    expect(rowsOf(study, 'SELECT * FROM points').length).toBeLessThan(rows.length);
    expect((await deltaSweep(['check', 'small'], folder)).stdout).toContain('run mends it');

    await printed(['run', 'sweep.yaml'], folder);
    expect(rowsOf(study, 'SELECT * FROM points')).toEqual(rows);
    expect(addedTo(study)).toEqual(ADDED);
    expect(rowsOf(study, PRICES)).toEqual([{ points: rows.length, unpriced: 0 }]);
    await printed(['check', 'small'], folder);
  });

  it('are kept by a merge that completes a study which was merged in part', async () => {
    const folder = makeFolder();
    const study = join(folder, 'results/wide');
    const spec = writeSpec(folder, SEVERAL_CHUNKS);
    await printed(['run', spec, '--out', 'whole'], folder);
    const rows = rowsOf(join(folder, 'whole'), 'SELECT * FROM points');
    for (const shard of ['1/2', '2/2']) await printed(['run', spec, '--shard', shard], folder);
    await printed(['merge', study, join(study, 'shards/1-of-2'), '--partial'], folder);
    const first = rowsOf(study, 'SELECT id FROM points').length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(rows.length);
    write(study, statements!);

    await printed(['merge', study], folder);
    expect(rowsOf(study, 'SELECT * FROM points')).toEqual(rows);
    expect(addedTo(study)).toEqual(ADDED);
    expect(rowsOf(study, `${PRICES} WHERE id IN (SELECT id FROM points ORDER BY id LIMIT -1 OFFSET ${first})`)).toEqual(
      [{ points: rows.length - first, unpriced: 0 }],
    );
  });

  it('have an index that queries on points use', async () => {
    const folder = makeFolder();
    const study = join(folder, 'results/small');
    await printed(['run', writeSpec(folder, SMALL)], folder);
    write(study, statements!);
    const plan = rowsOf<{ detail: string }>(study, 'EXPLAIN QUERY PLAN SELECT * FROM points WHERE area_mm2 < 600');
    expect(plan[0]!.detail).toMatch(/USING INDEX by_area \(area_mm2<\?\)/);
  });
});
