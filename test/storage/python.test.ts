/** A reader needs nothing but SQLite: Python's own module reads study.db, and pandas and SQLAlchemy where they are installed. */
import { beforeAll, describe, expect } from '@jest/globals';
import { join } from 'node:path';
import { python as printedBy, where } from '../helpers/python.js';
import { columnsOf } from '../../src/space/columns.js';
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

  /** What a data frame is like: its columns with their kinds of type, its rows, and some of its cells. */
  const DESCRIBE = `
kinds = {name: frame[name].dtype.kind for name in frame.columns}
sums = [int(frame[name].sum()) for name in ("id", "design", "sm_count", "batch")]
print(json.dumps([list(frame.columns), kinds, len(frame), sums]))`;

  /** The same from the study and from SQLite. A column of texts has Python's objects; one of numbers with NULLs has floats. */
  function expectWholeFrame([names, kinds, rows, sums]: [string[], Record<string, string>, number, number[]]): void {
    const columns = columnsOf(studyOf(SMALL));
    expect(names).toEqual(columns.map(({ name }) => name));
    const kindOf = { int: 'i', real: 'f', text: 'O' };
    expect(kinds).toEqual(Object.fromEntries(columns.map(({ name, type }) => [name, kindOf[type]])));
    const [row] = rowsOf(folder, 'SELECT count(*), sum(id), sum(design), sum(sm_count), sum(batch) FROM points');
    expect([rows, ...sums]).toEqual(Object.values(row!));
  }

  where('pandas')('makes a pandas data frame of read_sql_query with every column', () => {
    const program = `
import json, pandas, sqlite3, sys
frame = pandas.read_sql_query('SELECT * FROM points', sqlite3.connect(sys.argv[1]))${DESCRIBE}`;
    expectWholeFrame(python(program) as Parameters<typeof expectWholeFrame>[0]);
  });

  where('pandas, sqlalchemy')(
    'makes a pandas data frame of read_sql_table with every column of the view points',
    () => {
      const program = `
import json, pandas, sqlalchemy, sys
frame = pandas.read_sql_table('points', sqlalchemy.create_engine('sqlite:///' + sys.argv[1]))${DESCRIBE}`;
      expectWholeFrame(python(program) as Parameters<typeof expectWholeFrame>[0]);
    },
  );
});
