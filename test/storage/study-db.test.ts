import { beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/model/metrics.js';
import { AXIS_IDS, RESOURCES } from '../../src/model/resources.js';
import { columnsOf, storedColumns } from '../../src/space/columns.js';
import { PointEvaluator, pointValues } from '../../src/space/evaluate-point.js';
import { gridOf } from '../../src/space/study.js';
import { SMALL, SMALL_CONSTRAINTS, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(SMALL);
const { size } = gridOf(study);
let folder: string;

beforeAll(async () => {
  folder = makeFolder();
  await storeStudy(folder, study, { chunkPoints: 100 });
});

const designOf = (id: number) =>
  ({ ...study.baseline, ...Object.fromEntries(pointValues(study, id).axes) }) as unknown as Record<string, number>;

/** Equal, but for the last bits of a number: what follows from the time is computed from the time. */
function expectSame(stored: unknown, evaluated: number | string): void {
  if (typeof evaluated === 'string') expect(stored).toBe(evaluated);
  else expect(Math.abs(Number(stored) - evaluated)).toBeLessThanOrEqual(1e-14 * Math.abs(evaluated));
}

describe('study.db', () => {
  it('has a table for each kind of fact, a dimension table for each digit, and the views over them', () => {
    const namesOf = (type: string) =>
      rowsOf(folder, 'SELECT name FROM sqlite_schema WHERE type = ? ORDER BY name', type).map(({ name }) => name);
    const dimensions = study.dimensions.map((_, d) => `dimension_${d + 1}`);
    expect(dimensions).toHaveLength(6);
    const described = ['study', 'axes', 'workloads', 'layers', 'baseline', 'constraints'];
    const stored = ['evaluated', 'chunks', 'failures', 'marginals', 'pareto'];
    expect(namesOf('table')).toEqual([...described, ...stored, ...dimensions].sort());
    expect(namesOf('view')).toEqual(['axis_times', 'points']);
    expect(namesOf('trigger')).toEqual([]);
  });

  it('stores nothing of a point in evaluated but its id and what was evaluated', () => {
    const names = rowsOf(folder, "SELECT name FROM pragma_table_info('evaluated')").map(({ name }) => name);
    expect(names).toEqual(storedColumns(columnsOf(study)).map(({ name }) => name));
    for (const derived of ['design', 'network', 'sm_count', 'speedup', 'bottleneck'])
      expect(names).not.toContain(derived);
  });

  it('has in each dimension table the values of its axes by position', () => {
    expect(rowsOf(folder, 'SELECT * FROM dimension_1 ORDER BY position')).toEqual(
      [30, 60, 120, 60, 45].map((sm_count, position) => ({ sm_count, position })),
    );
    const { l2_gbps } = study.baseline;
    expect(rowsOf(folder, 'SELECT * FROM dimension_6 ORDER BY position')).toEqual([
      { l2_mib: 3, l2_gbps, position: 0 },
      { l2_mib: 6, l2_gbps: 2 * l2_gbps, position: 1 },
    ]);
  });

  it('has the columns of the contract in points, with their units beside them', () => {
    const names = rowsOf(folder, "SELECT name FROM pragma_table_info('points')").map(({ name }) => name);
    const swept = ['sm_count', 'register_kib', 'smem_kib', 'l2_mib', 'l2_gbps', 'dram_gbps', 'cta_tile'];
    const metrics = METRICS.map(({ name }) => name);
    expect(names).toEqual(['id', 'design', 'network', 'batch', 'pass', ...swept, ...metrics, 'infeasible']);
    for (const name of ['time_ms', 'images_per_s', 'speedup', 'tflops', 'bottleneck', 'launch_share', 'balance'])
      expect(names).toContain(name);
    const [view] = rowsOf(folder, "SELECT sql FROM sqlite_schema WHERE name = 'points'");
    expect(view!['sql']).toMatch(/ AS "dram_gbps", -- GB\/s\n/);
    const [table] = rowsOf(folder, "SELECT sql FROM sqlite_schema WHERE name = 'evaluated'");
    expect(table!['sql']).toMatch(/"time_ms" REAL, -- ms\n/);
  });

  it('says in study what the study is, and the value of every resource that it does not move', () => {
    const facts = Object.fromEntries(
      rowsOf<{ key: string; value: unknown }>(folder, 'SELECT key, value FROM study').map(({ key, value }) => [
        key,
        value,
      ]),
    );
    expect(facts).toMatchObject({ name: 'small', model: 'delta-2019', baseline: 'titan-xp', tool_version: 'test' });
    expect(facts['hash']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(facts['study'] as string)).toEqual(study);
    const moved = new Set(columnsOf(study).map(({ name }) => name));
    for (const { id } of RESOURCES) expect(facts[id]).toBe(moved.has(id) ? undefined : study.baseline[id]);
  });

  it('lists the values of every axis, swept or not, in the order of their digits', () => {
    const axes = rowsOf(folder, 'SELECT * FROM axes ORDER BY axis, position');
    expect(new Set(axes.map(({ axis }) => axis))).toEqual(new Set(AXIS_IDS));
    const valuesOf = (id: string) => axes.filter(({ axis }) => axis === id).map(({ value }) => value);
    expect(valuesOf('sm_count')).toEqual([30, 60, 120, 60, 45]);
    expect(valuesOf('cta_tile')).toEqual(['auto', '256x128x8']);
    expect(valuesOf('l2_mib')).toEqual([3, 6]);
    expect(valuesOf('clock_ghz')).toEqual([study.baseline.clock_ghz]);
    const one = (id: string) => axes.find(({ axis }) => axis === id)!;
    expect(one('dram_gbps')).toMatchObject({ unit: 'GB/s', baseline: 449.114, swept: 1, digit: 2 });
    expect([one('l2_mib')['digit'], one('l2_gbps')['digit']]).toEqual([6, 6]); // linked: one digit
    expect(one('clock_ghz')).toMatchObject({ unit: 'GHz', swept: 0, digit: null });
  });

  it('describes workloads and their layers', () => {
    const workloads = rowsOf(folder, 'SELECT * FROM workloads ORDER BY workload');
    expect(workloads).toMatchObject([
      { workload: 0, network: 'alexnet', batch: 16, pass: 'forward', macs: 16 * 665_784_864 },
      { workload: 1, network: 'vgg16', batch: 4, pass: 'forward', macs: 4 * 15_346_630_656 },
    ]);
    const unscaled = rowsOf(folder, 'SELECT time_ms, network FROM points WHERE speedup = 1 GROUP BY network');
    for (const { time_ms, network } of unscaled)
      expect(workloads.find((workload) => workload['network'] === network)!['baseline_ms']).toBe(time_ms);
    const layers = rowsOf(folder, 'SELECT * FROM layers WHERE workload = 0 ORDER BY position');
    expect(layers.map(({ name }) => name)).toEqual(study.workloads[0]!.network.layers.map(({ name }) => name));
    // AlexNet's first layer: 96 filters of 11x11x3, 55x55 results for each of 16 images.
    expect(layers[0]).toMatchObject({ position: 0, count: 1, gemm_m: 16 * 55 * 55, gemm_n: 96, gemm_k: 11 * 11 * 3 });
    expect(rowsOf(folder, 'SELECT count(*) AS n FROM layers WHERE workload = 1')).toEqual([{ n: 13 }]);
  });

  it('covers the grid with chunks, without gap or overlap, and counts what they kept', () => {
    const chunks = rowsOf<Record<string, number>>(folder, 'SELECT * FROM chunks ORDER BY first_id');
    expect(chunks.map(({ first_id }) => first_id)).toEqual([0, ...chunks.slice(0, -1).map(({ end_id }) => end_id)]);
    expect(chunks.at(-1)!['end_id']).toBe(size);
    for (const { first_id, end_id, points, rejected } of chunks) {
      expect(points! + rejected!).toBe(end_id! - first_id!);
      const [stored] = rowsOf(folder, 'SELECT count(*) AS n FROM points WHERE id >= ? AND id < ?', first_id, end_id);
      expect(stored).toEqual({ n: points });
    }
  });

  it('counts, per constraint, the points that plain code rejects', () => {
    const designs = Array.from({ length: size }, (_, id) => designOf(id));
    expect(rowsOf(folder, 'SELECT expression, rejected FROM constraints ORDER BY position')).toEqual(
      SMALL.constraints!.map((expression, i) => ({
        expression,
        rejected: designs.filter((design) => !SMALL_CONSTRAINTS[i]!(design)).length,
      })),
    );
  });

  it('holds the points that all constraints keep, and no other', () => {
    const kept = Array.from({ length: size }, (_, id) => id).filter((id) =>
      SMALL_CONSTRAINTS.every((holds) => holds(designOf(id))),
    );
    expect(rowsOf(folder, 'SELECT id FROM points ORDER BY id').map(({ id }) => id)).toEqual(kept);
  });

  it('holds of every point what a direct evaluation gives', () => {
    const points = new PointEvaluator(study);
    for (const row of rowsOf(folder, 'SELECT * FROM points')) {
      const id = Number(row['id']);
      const { workload, axes } = pointValues(study, id);
      const { network, batch, pass } = study.workloads[workload]!;
      const design = id - workload * (size / study.workloads.length);
      expect(row).toMatchObject({ design, network: network.name, batch, pass, ...Object.fromEntries(axes) });
      const result = points.evaluateId(id);
      if ('infeasible' in result) expect(row['infeasible']).toBe(result.infeasible);
      else for (const metric of METRICS) expectSame(row[metric.name], metric.of(result));
    }
  });

  it('holds infeasible designs with every metric NULL and the reason, and reasons for nothing else', () => {
    const rows = rowsOf(folder, 'SELECT * FROM points');
    const reasonsOf = (where: (row: Row) => boolean) => new Set(rows.filter(where).map((row) => row['infeasible']));
    expect(reasonsOf((row) => row['register_kib'] === 16)).toEqual(
      new Set([
        'no CTA fits an SM: tile 128x32x4 needs 40 KiB of registers',
        'no CTA fits an SM: tile 256x128x8 needs 256 KiB of registers',
      ]),
    );
    expect(reasonsOf((row) => row['register_kib'] === 256 && row['smem_kib'] === 4)).toEqual(
      new Set([
        'no CTA fits an SM: tile 128x32x4 needs 5 KiB of shared memory',
        'no CTA fits an SM: tile 256x128x8 needs 24 KiB of shared memory',
      ]),
    );
    expect(reasonsOf((row) => row['register_kib'] === 256 && row['smem_kib'] === 96)).toEqual(new Set([null]));
    for (const row of rows)
      for (const { name } of METRICS) expect([name, row[name] === null]).toEqual([name, row['infeasible'] !== null]);
  });

  it('is one file that passes the checks of SQLite', () => {
    expect(rowsOf(folder, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(rowsOf(folder, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);
  });
});
