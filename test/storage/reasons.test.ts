/** The figures that say why, in a study's files: of fronts in `pareto`, or of all points. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRONT_MARKS } from '../../src/analysis/front-marks.js';
import { reasonCells, REASONS } from '../../src/model/reasons.js';
import { columnsOf, evaluatedColumns, storedColumns } from '../../src/space/columns.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import type { SweepSpec } from '../../src/space/study.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { printedJson } from '../helpers/command.js';
import { studyOf, writeSpec } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** 18 points, a third of them infeasible. */
const SPEC: SweepSpec = {
  name: 'why',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 8 }],
  axes: {
    register_kib: { values: [16, 256, 512] },
    sm_count: { scale: [1, 2] },
    dram_gbps: { scale: [0.2, 1, 4] },
  },
};

const names = REASONS.map(({ name }) => name);
const only = (row: Row, columns: readonly string[]) => Object.fromEntries(columns.map((name) => [name, row[name]]));

function cellsOf(study: ReturnType<typeof studyOf>, id: number) {
  const reasons = new PointEvaluator(study).reasonsOfId(id);
  return 'infeasible' in reasons ? Object.fromEntries(names.map((name) => [name, null])) : reasonCells(reasons);
}

describe.each(['delta', 'delta-2019'] as const)('reasons of all points, model %s', (model) => {
  const study = studyOf({ ...SPEC, model, store: { reasons: 'all' } });

  it('are columns of points and points.arrow, the same from any number of workers', async () => {
    const folders = [makeFolder(), makeFolder()];
    for (const [i, folder] of folders.entries()) await storeStudy(folder, study, { workers: i + 1, chunkPoints: 5 });
    const [one, two] = folders.map((folder) => readFileSync(join(folder, 'points.arrow')));
    expect(one!.equals(two!)).toBe(true);
    const rows = rowsOf(folders[0]!, 'SELECT * FROM points ORDER BY id');
    expect(rows).toHaveLength(18);
    for (const row of rows) expect(only(row, names)).toEqual(cellsOf(study, Number(row['id'])));
    expect(rows.filter((row) => row['next_bound'] === null)).toHaveLength(6);
    const ofFronts = rowsOf<{ name: string }>(folders[0]!, "SELECT name FROM pragma_table_info('pareto')");
    expect(ofFronts.map(({ name }) => name)).toEqual(['objectives', 'id', ...FRONT_MARKS.map(({ name }) => name)]);
    for (const { problems } of checkStudy(folders[0]!, () => undefined)) expect(problems).toEqual([]);
  });
});

describe('reasons', () => {
  it('are those of the stored rows, where the front alone is stored', async () => {
    const study = studyOf({ ...SPEC, store: { points: 'front', reasons: 'all' } });
    const folder = makeFolder();
    await storeStudy(folder, study, { chunkPoints: 7 });
    const rows = rowsOf(folder, 'SELECT * FROM points ORDER BY id');
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(only(row, names)).toEqual(cellsOf(study, Number(row['id'])));
  });

  it('are stored with a front, and come with pareto --json', async () => {
    const folder = makeFolder();
    writeSpec(folder, SPEC);
    const study = studyOf(SPEC);
    const { front } = await printedJson<{ front: Row[] }>(['run', 'sweep.yaml', '--json'], folder);
    const stored = rowsOf(join(folder, 'results', 'why'), 'SELECT * FROM pareto');
    expect(stored).toHaveLength(front.length);
    for (const row of [...front, ...stored]) expect(only(row, names)).toEqual(cellsOf(study, Number(row['id'])));
    const asked = await printedJson<{ front: Row[] }>(['pareto', 'why', '--json'], folder);
    expect(asked.front).toEqual(front);
  });

  it('come after what is evaluated for every point, and are no metrics of the kernel', () => {
    const columns = columnsOf(studyOf({ ...SPEC, store: { reasons: 'all' } }));
    const stored = storedColumns(columns).map(({ name }) => name);
    const evaluated = evaluatedColumns(columns).map(({ name }) => name);
    expect(stored).toEqual([...evaluated, ...names]);
    expect(columnsOf(studyOf(SPEC)).map(({ name }) => name)).not.toContain('next_bound');
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });
});
