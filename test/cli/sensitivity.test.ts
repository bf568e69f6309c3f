/** The command `sensitivity`, against figures computed from the stored rows. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxisSensitivity } from '../../src/analysis/sensitivity/axis-sensitivity.js';
import type { Sensitivity } from '../../src/analysis/sensitivity/sensitivity.js';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { bruteForceIndices, groupBy } from '../helpers/sobol.js';
import { SMALL, TINY, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

type Json = Sensitivity & { study: string; notes: string[]; seconds: number };

const UNRUNNABLE: SweepSpec = { ...TINY, name: 'unrunnable', axes: { smem_kib: { values: [1, 2] } } };

/** The axes of `SMALL` as digits of a row: one a column, the linked ones as one. */
const DIGITS = ['sm_count', 'dram_gbps', 'register_kib', 'smem_kib', 'cta_tile', 'l2_mib'];

let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  const front: SweepSpec = { ...SMALL, name: 'front', store: { points: 'front' } };
  for (const spec of [SMALL, TINY, UNRUNNABLE, front])
    await printed(['run', writeSpec(folder, spec, `${spec.name}.json`)], folder);
});

const axisOf = (axes: readonly AxisSensitivity[], id: string) => axes.find((axis) => axis.axes.join().startsWith(id))!;

describe('sensitivity --json', () => {
  it('has the indices of the stored rows, of each workload', async () => {
    const json = await printedJson<Json>(['sensitivity', 'small', '--json'], folder);
    expect(json).toMatchObject({ study: 'small', metric: 'time_ms', better: 'low', means: 'geometric', pays: 0.01 });
    expect(json.workloads.map(({ network, batch, pass }) => [network, batch, pass])).toEqual([
      ['alexnet', 16, 'forward'],
      ['vgg16', 4, 'forward'],
    ]);
    for (const { network, axes, points, grid } of json.workloads) {
      // The axis sm_count has a value twice, and so two positions with one value: the id tells them apart.
      const rows = rowsOf(folder.concat('/results/small'), 'SELECT * FROM points WHERE network = ?', network);
      const feasible = rows.filter(({ time_ms }) => time_ms !== null);
      expect([points, grid]).toEqual([feasible.length, 600]);
      const expected = bruteForceIndices(
        feasible.map((row) => ({
          digits: [Math.floor(Number(row['id']) / 120) % 5, ...DIGITS.slice(1).map((id) => codeOf(rows, id, row[id]))],
          y: Math.log(Number(row['time_ms'])),
        })),
      );
      expected.forEach(({ firstOrder, total }, d) => {
        expect(axisOf(axes, DIGITS[d]!).first_order).toBeCloseTo(firstOrder, 10);
        expect(axisOf(axes, DIGITS[d]!).total).toBeCloseTo(total, 10);
      });
      expect(axes.map(({ total }) => total)).toEqual(axes.map(({ total }) => total).sort((a, b) => b! - a!));
    }
    expect(json.notes).toEqual([expect.stringMatching(/^the grid has holes .*; the indices need not add up$/)]);
  });

  it('has the geometric means of the stored rows, with linked axes named together', async () => {
    const { workloads } = await printedJson<Json>(['sensitivity', 'small', '--json'], folder);
    const linked = axisOf(workloads[0]!.axes, 'l2_mib');
    expect(linked).toMatchObject({ axes: ['l2_mib', 'l2_gbps'], along: 'l2_mib' });
    const rows = rowsOf<Record<string, number>>(
      join(folder, 'results/small'),
      "SELECT l2_mib, l2_gbps, count(*) AS points, exp(avg(ln(time_ms))) AS mean FROM points WHERE network = 'alexnet' AND time_ms > 0 GROUP BY 1",
    );
    expect(linked.levels.map(({ value, points }) => ({ ...value, points }))).toEqual(
      rows.map(({ mean: _, ...row }) => row),
    );
    linked.levels.forEach(({ mean }, i) => expect(mean! / rows[i]!['mean']!).toBeCloseTo(1, 10));
  });

  it('has indices between 0 and 1, and no notes, of a full grid', async () => {
    const { notes, workloads } = await printedJson<Json>(['sensitivity', 'tiny', '--json'], folder);
    expect(notes).toEqual([]);
    for (const { axes } of workloads)
      for (const { first_order: firstOrder, total } of axes) {
        expect(firstOrder).toBeGreaterThanOrEqual(0);
        expect(firstOrder).toBeLessThanOrEqual(total! + 1e-12);
      }
  });

  it('has the effects alone of a study that keeps its front alone, within the rounding of its sums', async () => {
    const [front, all] = await Promise.all(
      ['front', 'small'].map((name) => printedJson<Json>(['sensitivity', name, '--json'], folder)),
    );
    expect(front!.notes).toHaveLength(2);
    front!.workloads.forEach(({ axes, points, variance }, w) => {
      const whole = all!.workloads[w]!;
      expect([points, variance]).toEqual([whole.points, null]);
      for (const axis of axes) {
        const same = axisOf(whole.axes, axis.axes[0]!);
        expect(axis).toMatchObject({ first_order: null, total: null });
        expect(axis.levels.map(({ points: n }) => n)).toEqual(same.levels.map(({ points: n }) => n));
        axis.levels.forEach(({ effect }, i) => {
          if (effect === null) expect(same.levels[i]!.effect).toBeNull();
          else expect(effect).toBeCloseTo(same.levels[i]!.effect!, 5);
        });
      }
    });
  });

  it('has arithmetic means of metrics that are 0 somewhere', async () => {
    const { means, workloads } = await printedJson<Json>(
      ['sensitivity', 'tiny', '--metric', 'compute_share', '--json'],
      folder,
    );
    expect(means).toBe('arithmetic');
    const [row] = rowsOf(join(folder, 'results/tiny'), 'SELECT avg(compute_share) AS mean FROM points');
    expect(workloads[0]!.mean).toBeCloseTo(Number(row!['mean']), 12);
  });
});

/** The position of a cell among those of its column. */
function codeOf<T>(rows: readonly Record<string, T>[], column: string, cell: T): number {
  return groupBy(rows, (row) => String(row[column])).findIndex(([row]) => row![column] === cell);
}

describe('sensitivity as text', () => {
  it('ends in words, and fits 100 columns, whatever the axes and metrics are', async () => {
    for (const [name, ...more] of [
      ['small'],
      ['tiny'],
      ['front'],
      ['small', '--metric', 'balance'],
      ['small', '--metric', 'l1_share'],
    ]) {
      const text = await printed(['sensitivity', name!, ...more], folder);
      expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
      expect(text).not.toMatch(/undefined|NaN|\[object|null/);
      expect(text).toMatch(/matters most|No axis moves/);
      expect(text).toMatch(/\nfirst order, total: /);
    }
  });

  it('has effects of tiles, and no steps between them', async () => {
    const text = await printed(['sensitivity', 'small'], folder);
    expect(text).toMatch(/\ncta_tile +auto, 256x128x8 +- +- +- +- +[\d.]+ +[\d.]+\n/);
    expect(text).toMatch(/\ncta_tile +auto +[\d.]+ +1 *\n +256x128x8 +[\d.]+ +[\d.]+ +- +-\n/);
  });

  it('names linked axes below each other', async () => {
    const text = await printed(['sensitivity', 'small'], folder);
    expect(text).toMatch(/\nl2_mib +3, 6 .*\n\+ l2_gbps +1,051, 2,102/);
    expect(text).toMatch(/\nAxes with \+ are linked: they move together and cannot be told apart\.\n/);
  });

  it('heeds what is asked to pay, in % or as a number', async () => {
    const texts = await Promise.all(
      ['5%', '5'].map((pays) => printed(['sensitivity', 'tiny', '--pays', pays], folder)),
    );
    expect(texts[0]).toContain('no step gains 5.0%');
    expect(texts[1]).toBe(texts[0]);
  });

  it('notes that a run has not finished', async () => {
    const copy = makeFolder();
    cpSync(join(folder, 'results/tiny'), copy, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(copy, 'study.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'study.json'), JSON.stringify({ ...manifest, finished: null }));
    const db = new Database(join(copy, 'study.db'));
    db.exec('DELETE FROM evaluated WHERE id >= 20');
    db.close();
    const { code, stdout, stderr } = await deltaSweep(['sensitivity', copy]);
    expect(stderr).toBe('note: the run of this study has not finished; this is of what is stored so far\n');
    expect(stdout).toContain('20 of 40 designs');
    expect(code).toBe(0);
  });

  it.each<[string[], RegExp]>([
    [['nosuch'], /no study 'nosuch', expected one of front, small, tiny, unrunnable/],
    [['tiny', '--metric', 'time'], /--metric: unknown value, got "time", .*did you mean 'time_ms'/],
    [['tiny', '--metric', 'bottleneck'], /--metric: unknown value, got "bottleneck"/],
    [['tiny', '--pays', 'much'], /--pays, got "much", expected a percentage from 0% to 100%/],
    [['tiny', '--pays', '-1%'], /--pays, got "-1%"/],
    [['front', '--metric', 'balance'], /--metric: the study keeps its front alone, .*got "balance", expected time_ms/],
    [['unrunnable'], /results\/unrunnable: no feasible point is stored yet, expected a study with results/],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stdout, stderr } = await deltaSweep(['sensitivity', ...args], folder);
    expect(stderr).toMatch(/^delta-sweep: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
