import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { summarizePoints } from '../../src/analysis/sensitivity/summarize-points.js';
import { strideOf } from '../../src/space/grid.js';
import { gridOf } from '../../src/space/study.js';
import { readMetrics, selectedMetrics, type MetricBatch } from '../../src/storage/read/read-metrics.js';
import { studyFiles } from '../../src/storage/folder/study-files.js';
import { LARGE, SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

const flat = (batches: Iterable<MetricBatch>) =>
  Array.from(batches, ({ ids, values }) => Array.from(ids, (id, row) => [id, values[0]![row]!])).flat();

describe('metrics of stored points', () => {
  const study = studyOf(SMALL);
  const grid = gridOf(study);
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = makeFolder();
    file = studyFiles(folder).database;
    await storeStudy(folder, study);
  });

  it('come with ascending ids, without those of designs that cannot run', () => {
    const rows = rowsOf(folder, 'SELECT id, time_ms FROM points WHERE infeasible IS NULL ORDER BY id');
    expect(flat(selectedMetrics(file, ['time_ms']))).toEqual(rows.map(({ id, time_ms }) => [id, time_ms]));
  });

  it('are the same from the Arrow file', () => {
    const metrics = ['time_ms', 'area_mm2', 'energy_j'];
    const fromSql = [...selectedMetrics(file, metrics)];
    const fromArrow = [...readMetrics(folder, metrics)];
    const column = (batches: readonly MetricBatch[], c: number) => batches.flatMap(({ values }) => [...values[c]!]);
    expect(flat(fromArrow)).toEqual(flat(fromSql));
    metrics.forEach((_, c) => expect(column(fromArrow, c)).toEqual(column(fromSql, c)));
  });

  it('come from the database where the Arrow file has not all of them, or is not there', () => {
    const at = makeFolder();
    cpSync(folder, at, { recursive: true });
    const manifestFile = studyFiles(at).manifest;
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { columns: string[] };
    const columns = manifest.columns.map((name) => (name === 'time_ms' ? 'time_before' : name));
    writeFileSync(manifestFile, JSON.stringify({ ...manifest, columns }));
    expect(flat(readMetrics(at, ['time_ms']))).toEqual(flat(selectedMetrics(file, ['time_ms'])));
    rmSync(studyFiles(at).points);
    expect(flat(readMetrics(at, ['area_mm2']))).toEqual(flat(selectedMetrics(file, ['area_mm2'])));
  });

  it('are not made up where the Arrow file is damaged', () => {
    const at = makeFolder();
    cpSync(folder, at, { recursive: true });
    truncateSync(studyFiles(at).points, 5000);
    expect(() => [...readMetrics(at, ['time_ms'])]).toThrow(/points\.arrow: .*; delta-sweep check says more/);
  });

  it('come group by group where points that are alike are asked for, ids ascending in each', () => {
    const byId = flat(selectedMetrics(file, ['time_ms']));
    for (let digit = 1; digit < grid.radices.length; digit++) {
      const alike = { stride: strideOf(grid, digit), radix: grid.radices[digit]! };
      const rows = flat(selectedMetrics(file, ['time_ms'], alike));
      expect([...rows].sort(([a], [b]) => a! - b!)).toEqual(byId);
      const groupOf = ([id]: number[]) => `${Math.floor(id! / (alike.stride * alike.radix))} ${id! % alike.stride}`;
      const starts = rows.filter((row, i) => i === 0 || groupOf(row) !== groupOf(rows[i - 1]!));
      expect(new Set(starts.map(groupOf)).size).toBe(starts.length);
      rows.forEach((row, i) => {
        if (i > 0 && groupOf(row) === groupOf(rows[i - 1]!)) expect(row[0]).toBeGreaterThan(rows[i - 1]![0]!);
      });
    }
  });

  it('give the same indices in one pass as in one an axis', async () => {
    const [large, at] = [studyOf(LARGE), makeFolder()];
    await storeStudy(at, large);
    const read = (alike?: { stride: number; radix: number }) =>
      selectedMetrics(studyFiles(at).database, ['time_ms'], alike);
    const [one, many] = [undefined, 0].map((most) => summarizePoints(large, read, Math.log, most)![0]!);
    expect(one!.points).toBe(40_000);
    one!.digits.forEach(({ squares, steps }, d) => {
      expect(many!.digits[d]!.squares).toBeCloseTo(squares!, 9);
      expect(many!.digits[d]!.steps!.map(({ count }) => count)).toEqual(steps!.map(({ count }) => count));
    });
  });
});
