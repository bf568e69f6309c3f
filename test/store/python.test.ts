/** A reader needs nothing but SQLite: Python's own module reads study.db, and pandas where it is installed. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const PYTHON = '/usr/bin/python3';
const makeFolder = tempFolders();
const canImport = (module: string) => spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;

/** A test, or a skipped one that says what it misses. */
const where = (module: string) =>
  canImport(module)
    ? it
    : (title: string, _test: () => void) => it.skip(`${title} (skipped: ${PYTHON} cannot import ${module})`, () => {});

let file: string;
let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  file = join(folder, 'study.db');
  await storeStudy(folder, studyOf(SMALL));
});

const python = (program: string) =>
  JSON.parse(execFileSync(PYTHON, ['-c', program, file], { encoding: 'utf8' })) as unknown;

describe('study.db from Python', () => {
  where('sqlite3')('has as many points, and the same rows', () => {
    const program = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
rows = [dict(row) for row in db.execute('SELECT * FROM points ORDER BY id')]
print(json.dumps(rows))`;
    const rows = rowsOf(folder, 'SELECT * FROM points ORDER BY id');
    expect(rows.length).toBeGreaterThan(500);
    expect(python(program)).toEqual(rows);
  });

  where('pandas')('makes a pandas data frame whose means agree', () => {
    const program = `
import json, pandas, sqlite3, sys
frame = pandas.read_sql('SELECT * FROM points', sqlite3.connect(sys.argv[1]))
print(json.dumps([len(frame), float(frame.time_ms.mean()), int(frame.infeasible.notna().sum())]))`;
    const [row] = rowsOf(folder, 'SELECT count(*) AS n, avg(time_ms) AS mean, count(infeasible) AS bad FROM points');
    const [n, mean, bad] = python(program) as number[];
    expect([n, bad]).toEqual([row!['n'], row!['bad']]);
    expect(mean! / Number(row!['mean'])).toBeCloseTo(1, 12);
  });
});
