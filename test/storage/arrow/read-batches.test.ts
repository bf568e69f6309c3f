import { describe, expect, it } from '@jest/globals';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { readNumbers } from '../../../src/storage/arrow/read-batches.js';
import { columnsOf } from '../../../src/space/columns.js';
import { SMALL, studyOf } from '../../helpers/specs.js';
import { rowsOf, storeStudy } from '../../helpers/stored.js';
import { tempFolders } from '../../helpers/temp.js';

const makeFolder = tempFolders();

describe('columns of numbers', () => {
  it('are what SQLite has, without the designs that cannot run', async () => {
    const folder = makeFolder();
    const study = studyOf(SMALL);
    await storeStudy(folder, study);
    const columns = columnsOf(study).map(({ name }) => name);
    const file = join(folder, 'points.arrow');
    const wanted = ['time_ms', 'area_mm2'];
    const batches = [...readNumbers(file, columns, wanted)];
    const rows = batches.flatMap(({ ids, values: [time, area] }) =>
      [...ids].map((id, row) => ({ id, time_ms: time![row]!, area_mm2: area![row]! })),
    );
    const stored = rowsOf(folder, 'SELECT id, time_ms, area_mm2 FROM points WHERE infeasible IS NULL ORDER BY id');
    expect(rows).toEqual(stored);
    const all = rowsOf<{ n: number }>(folder, 'SELECT count(*) AS n FROM points')[0]!.n;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(all);

    truncateSync(file, 1000);
    expect(() => [...readNumbers(file, columns, wanted)]).toThrow(/does not end as an Arrow file does/);
  });
});
