/** The table `baseline`: the unscaled GPU on each workload, which all speedups are over. */
import { describe, expect, it } from '@jest/globals';
import { baselineValue } from '../../src/model/gpu.js';
import { METRICS } from '../../src/model/metrics.js';
import { AXIS_IDS, resourceOf } from '../../src/model/resources.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf, type Study } from '../../src/space/study.js';
import { OPTIONS, SMALL, studyOf, TINY, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

async function baselinesOf(study: Study): Promise<{ folder: string; rows: Row[] }> {
  const folder = makeFolder();
  await storeStudy(folder, study);
  return { folder, rows: rowsOf(folder, 'SELECT * FROM baseline ORDER BY workload') };
}

/** The baseline among the points of the study itself: every axis at its value in the baseline's own file. */
const unscaled = (study: Study): Study => ({ ...study, dimensions: [], constraints: [] });

describe.each([
  { name: 'two networks', spec: SMALL },
  { name: 'the staged evaluator', spec: WIDE },
  { name: 'named options', spec: OPTIONS },
  { name: 'its front alone stored', spec: { ...WIDE, store: { points: 'front' as const } } },
])('the table baseline of a study with $name', ({ spec }) => {
  const study = studyOf(spec);

  it('has a row a workload with every resource and every metric, as the plain path evaluates them', async () => {
    const { rows } = await baselinesOf(study);
    const evaluator = new PointEvaluator(unscaled(study));
    expect(rows).toHaveLength(gridOf(unscaled(study)).size);
    rows.forEach((row, workload) => {
      const { network, batch, pass } = study.workloads[workload]!;
      const point = evaluator.evaluateId(workload);
      if ('infeasible' in point) throw new Error('this baseline runs');
      expect(row).toEqual({
        ...{ workload, network: network.name, batch, pass, infeasible: null },
        ...Object.fromEntries(AXIS_IDS.map((id) => [id, baselineValue(study.baseline, id)])),
        ...Object.fromEntries(METRICS.map((metric) => [metric.name, metric.of(point)])),
      });
      expect(row['speedup']).toBe(1);
    });
  });

  it('has the time that speedups are over, in workloads too', async () => {
    const { folder, rows } = await baselinesOf(study);
    // Threads evaluate in stages what the table has from the plain path: equal but for the last bits.
    const times = rowsOf<{ baseline_ms: number }>(folder, 'SELECT baseline_ms FROM workloads ORDER BY workload');
    expect(times).toHaveLength(rows.length);
    times.forEach(({ baseline_ms }, w) => expect(baseline_ms / (rows[w]!['time_ms'] as number)).toBeCloseTo(1, 13));
    const points = rowsOf<Record<string, number>>(
      folder,
      `SELECT p.speedup, b.time_ms / p.time_ms AS expected FROM points AS p JOIN baseline AS b USING (network, batch, pass)
       WHERE p.time_ms IS NOT NULL`,
    );
    expect(points.length).toBeGreaterThan(1);
    for (const { speedup, expected } of points) expect(speedup! / expected!).toBeCloseTo(1, 13);
  });

  it('declares whole numbers as INTEGER, other numbers as REAL, and the tile as TEXT', async () => {
    const { folder } = await baselinesOf(study);
    const types = new Map(
      rowsOf<{ name: string; type: string }>(folder, 'PRAGMA table_info(baseline)').map(({ name, type }) => [
        name,
        type,
      ]),
    );
    for (const id of AXIS_IDS) {
      const resource = resourceOf(id);
      expect([id, types.get(id)]).toEqual([id, resource ? (resource.whole ? 'INTEGER' : 'REAL') : 'TEXT']);
    }
    for (const { name, type } of METRICS) expect([name, types.get(name)]).toEqual([name, type.toUpperCase()]);
  });
});

it('a baseline that cannot run has its resources, NULL for every metric, and the reason', async () => {
  const of = studyOf({ ...TINY, axes: { ...TINY.axes, register_kib: { values: [1, 256] } } });
  const study: Study = { ...of, baseline: { ...of.baseline, register_kib: 1 } };
  const { folder, rows } = await baselinesOf(study);
  const [row] = rows;
  expect(rows).toHaveLength(1);
  for (const id of AXIS_IDS) expect(row![id]).toBe(baselineValue(study.baseline, id));
  for (const { name } of METRICS) expect([name, row![name]]).toEqual([name, null]);
  const [infeasible] = rowsOf(folder, 'SELECT infeasible FROM points WHERE register_kib = 1 AND sm_count = 30');
  expect(row!['infeasible']).toMatch(/^no CTA fits an SM: tile \d+x\d+x\d+ needs \d+ KiB of registers$/);
  expect(row!['infeasible']).toBe(infeasible!['infeasible']);
});
