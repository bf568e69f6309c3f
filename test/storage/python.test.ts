/** A reader needs nothing but SQLite: Python's own module reads study.db, and pandas where it is installed. */
import { beforeAll, describe, expect } from '@jest/globals';
import { join } from 'node:path';
import { python as printedBy, where } from '../helpers/python.js';
import { SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let file: string;
let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  file = join(folder, 'study.db');
  await storeStudy(folder, studyOf(SMALL));
});

const python = (program: string) => JSON.parse(printedBy(program, [file])) as unknown;

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
