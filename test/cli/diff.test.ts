/** `diff` of stored studies, against comparing them design by design. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffJson } from '../../src/report/diff-json.js';
import { computeFront } from '../../src/study/compute-front.js';
import { diffStudies } from '../../src/study/diff-studies.js';
import { queryOf } from '../../src/study/front-rows.js';
import { reportOf } from '../../src/study/report-data/report-of.js';
import type { StudyDiff, WorkloadDiff } from '../../src/analysis/diff/study-diff.js';
import { NUMERIC_METRICS } from '../../src/model/metrics.js';
import { describeDiff } from '../../src/report/diff.js';
import type { Study, SweepSpec } from '../../src/space/study.js';
import { sweptAxes } from '../../src/space/study.js';
import { printed } from '../helpers/command.js';
import { fingerprint } from '../helpers/database.js';
import { bruteForceFront } from '../helpers/fronts.js';
import { SMALL, studyOf, TINY } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

async function stored(spec: SweepSpec, change: (study: Study) => Study = (study) => study): Promise<string> {
  const folder = join(makeFolder(), spec.name);
  await storeStudy(folder, change(studyOf(spec)), { workers: 1 });
  return folder;
}

const diff = (before: string, after: string): Promise<StudyDiff> =>
  diffStudies({ name: 'before', folder: before }, { name: 'after', folder: after });

/** 1,200 points again: other values of an axis, one more workload in front, a constraint less, another cost constant. */
const CHANGED: SweepSpec = {
  ...SMALL,
  name: 'changed',
  workloads: [{ network: 'alexnet', batch: 32 }, ...SMALL.workloads],
  axes: { ...SMALL.axes, sm_count: { scale: [4, 2, 1] }, smem_kib: { values: [20, 96, 192] } },
  constraints: [SMALL.constraints![0]!],
};

/** The L2 four times as large a mm2, and every GPU of less DRAM bandwidth. */
function otherCosts(study: Study): Study {
  const l2 = study.costs.l2_mm2_per_mib;
  return { ...study, costs: { ...study.costs, l2_mm2_per_mib: { ...l2, value: 4 * l2.value, high: 4 * l2.high } } };
}

/** Rows of a workload by what makes a design: of those that are the same, the first. */
function designsOf(
  folder: string,
  study: Study,
  { network, batch, pass }: { network: string; batch: number; pass: string },
) {
  const rows = rowsOf(
    folder,
    'SELECT * FROM points WHERE network = ? AND batch = ? AND pass = ? ORDER BY id',
    network,
    batch,
    pass,
  );
  const axes = sweptAxes(study).map(({ id }) => id);
  const designs = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(axes.map((axis) => row[axis]));
    if (!designs.has(key)) designs.set(key, row);
  }
  return designs;
}

describe('diff', () => {
  let [before, after, tiny]: string[] = [];
  let result: StudyDiff;
  beforeAll(async () => {
    before = await stored(SMALL);
    after = await stored(CHANGED, otherCosts);
    tiny = await stored(TINY);
    result = await diff(before, after);
  });

  it('tells what differs in the spec', () => {
    expect(result.spec.map(({ what }) => what)).toEqual([
      'workload',
      'sm_count',
      'smem_kib [KiB]',
      'constraint',
      expect.stringMatching(/^cost l2_mm2_per_mib/),
    ]);
    expect(result.spec[1]).toEqual({ what: 'sm_count', before: '30, 60, 120, 60, 45', after: '120, 60, 30' });
  });

  /** Both studies' designs of a workload. */
  const both = (workload: WorkloadDiff) =>
    [designsOf(before!, studyOf(SMALL), workload), designsOf(after!, studyOf(CHANGED), workload)] as const;

  it('counts the designs of each workload, and of both, each once', () => {
    expect(result.workloads.map(({ network, batch }) => [network, batch])).toEqual([
      ['alexnet', 16],
      ['vgg16', 4],
    ]);
    for (const workload of result.workloads) {
      const [was, is] = both(workload);
      const shared = [...was.keys()].filter((key) => is.has(key));
      expect(shared.length).toBeGreaterThan(50);
      expect(workload.points).toEqual({ before: was.size, after: is.size, both: shared.length });
    }
  });

  it('tells of each metric how many designs changed, by how much, and where most', () => {
    for (const workload of result.workloads) {
      const [was, is] = both(workload);
      const pairs = [...was].flatMap(([key, row]) => (is.has(key) ? [[row, is.get(key)!] as const] : []));
      const feasible = pairs.filter(([a, b]) => a['infeasible'] === null && b['infeasible'] === null);
      expect(feasible.length).toBeLessThan(pairs.length);
      for (const { name } of NUMERIC_METRICS) {
        const change = workload.changes.metrics.find(({ metric }) => metric === name)!;
        const figures = feasible.map(([a, b]) => [Number(a[name]), Number(b[name])] as const);
        const amounts = figures.map(([a, b]) => (name.endsWith('_share') ? b - a : a === b ? 0 : Math.log(b / a)));
        expect(change.designs).toBe(feasible.length);
        expect(change.changed).toBe(figures.filter(([a, b]) => Math.abs(a - b) > 1e-9 * Math.max(a, b)).length);
        const mean = amounts.reduce((a, b) => a + b, 0) / amounts.length;
        expect(change.mean).toBeCloseTo(name.endsWith('_share') ? mean : Math.exp(mean), 9);
        const { rise } = change;
        if (rise) expect(Math.log(rise.after / rise.before)).toBeCloseTo(Math.max(...amounts), 9);
        if (rise)
          expect(rise.after).toBe(rowsOf(after!, `SELECT ${name} AS x FROM points WHERE id = ?`, rise.ids[1])[0]!['x']);
      }
      const moved = workload.changes.metrics.filter(({ changed }) => changed > 0).map(({ metric }) => metric);
      expect(moved).toEqual(['balance', 'area_mm2', 'energy_j', 'power_w']);
    }
  });

  it('tells which designs of the fronts came, went and moved, and why', () => {
    for (const workload of result.workloads) {
      const [was, is] = both(workload);
      const frontOf = (designs: ReadonlyMap<string, Row>) => {
        const rows = [...designs.values()].filter((row) => row['infeasible'] === null);
        const ids = new Set(bruteForceFront(rows, (row) => [Number(row['time_ms']), Number(row['area_mm2'])]));
        return new Set([...designs].filter(([, { id }]) => ids.has(Number(id))).map(([key]) => key));
      };
      const [front, newFront] = [frontOf(was), frontOf(is)];
      const ids = (change: string, side: 'before' | 'after') =>
        workload.front
          .filter((design) => design.change === change)
          .map((design) => design[side]!.id)
          .sort((a, b) => a - b);
      const idsOf = (keys: Iterable<string>, designs: ReadonlyMap<string, Row>) =>
        [...keys].map((key) => Number(designs.get(key)!['id'])).sort((a, b) => a - b);
      const went = [...front].filter((key) => !newFront.has(key));
      expect(ids('went', 'before')).toEqual(idsOf(went, was));
      expect(ids('came', 'after')).toEqual(
        idsOf(
          [...newFront].filter((key) => !front.has(key)),
          is,
        ),
      );
      expect(ids('moved', 'after')).toEqual(
        idsOf(
          [...newFront].filter((key) => front.has(key)),
          is,
        ),
      );
      expect(went.length).toBeGreaterThan(0);
      for (const { change, why, before: old, after: now } of workload.front) {
        if (change === 'moved') expect(why).toBeUndefined();
        if (change === 'went' && why === 'not in the grid') expect([45, 30 * 1.5]).toContain(old!['sm_count']);
        if (why === 'dominated') expect([old, now].every((row) => row!['infeasible'] === null)).toBe(true);
      }
    }
  });

  it('fits 100 columns in words and tables, and tells the same as JSON', async () => {
    const text = describeDiff(result);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text).toContain('time_ms is the same');
    const json = JSON.parse(await printed(['diff', before!, after!, '--json'])) as ReturnType<typeof diffJson>;
    const expected = JSON.parse(JSON.stringify(diffJson(result))) as ReturnType<typeof diffJson>;
    expect(json.workloads).toEqual(expected.workloads);
    expect(json.spec).toEqual(expected.spec);
    expect(json.unmoved).toBe(false);
  });

  it('finds the opposite the other way round', async () => {
    const back = await diff(after!, before!);
    const changes = (diff: StudyDiff, wanted: string) =>
      diff.workloads.map(({ front }) => front.filter(({ change }) => change === wanted).length);
    expect(changes(back, 'came')).toEqual(changes(result, 'went'));
    expect(changes(back, 'went')).toEqual(changes(result, 'came'));
    result.workloads.forEach(({ changes: { metrics } }, w) =>
      metrics.forEach(({ mean, as }, m) => {
        const { mean: opposite } = back.workloads[w]!.changes.metrics[m]!;
        expect(opposite).toBeCloseTo(as === 'ratio' ? 1 / mean : -mean, 9);
      }),
    );
  });

  it('says that nothing moved between a study and itself, and changes no file', async () => {
    const files = fingerprint(before!);
    const same = await diff(before!, before!);
    expect(diffJson(same)).toMatchObject({ unmoved: true, spec: [] });
    expect(describeDiff(same)).toContain('Nothing moved: the spec, 408 points and the 32 designs');
    expect(fingerprint(before!)).toEqual(files);
  });

  it('says so where studies have nothing in common', async () => {
    expect(describeDiff(await diff(before!, tiny!))).toContain('The studies have no workload in common');
    const elsewhere = await stored({ ...TINY, name: 'elsewhere', baseline: 'v100' });
    const text = describeDiff(await diff(tiny!, elsewhere));
    expect(text).toContain('no design is in both studies (40 before, 40 after)');
    expect(text).toMatch(/^baseline +titan-xp +v100$/m);
    expect((await diff(tiny!, elsewhere)).workloads[0]!.front.every(({ why }) => why === 'not in the grid')).toBe(true);
  });

  it('compares the fronts of studies that keep nothing else, and says what it cannot', async () => {
    const front = await stored({ ...TINY, name: 'kept', store: { points: 'front' } });
    const narrower = await stored({
      ...TINY,
      name: 'narrower',
      store: { points: 'front' },
      constraints: ['dram_gbps < 1000'],
    });
    const same = await diff(tiny!, front);
    const { length } = (await computeFront(tiny!, studyOf(TINY), queryOf(studyOf(TINY)))).designs;
    expect(same.workloads[0]!.points).toEqual({ before: 40, after: length, both: length });
    expect(same.workloads[0]!.front.map(({ change }) => change)).toEqual(Array(length).fill('stayed'));
    const text = describeDiff(await diff(front, narrower));
    expect(text.match(/stores its front alone/g)).toHaveLength(2);
    expect(text.replace(/\s+/g, ' ')).toMatch(/went \(not on the front now\)/);
  });

  it('holds an unfinished study to what it has stored now, not to a front of before, and says what is not stored', async () => {
    const limited: SweepSpec = { ...TINY, name: 'limited', constraints: ['dram_gbps < 2000'] };
    const folder = await stored(limited);
    const study = studyOf(limited);
    await computeFront(folder, study, queryOf(study)); // over all points: it is to be out of date
    const manifest = JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as object;
    writeFileSync(join(folder, 'study.json'), JSON.stringify({ ...manifest, finished: null }));
    const db = new Database(join(folder, 'study.db'));
    db.exec('DELETE FROM evaluated WHERE id >= 20');
    db.close();
    const files = fingerprint(folder);
    const [{ front }] = (await diff(tiny!, folder)).workloads as [WorkloadDiff];
    const left = rowsOf(folder, 'SELECT * FROM points');
    const expected = bruteForceFront(left, (row) => [Number(row['time_ms']), Number(row['area_mm2'])]);
    const now = front.filter(({ change }) => change !== 'went').map(({ after }) => after!.id);
    expect(now.sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
    const gone = front.filter(({ change, after }) => change === 'went' && !after);
    const whys = gone.map(({ before: row, why }) => [Number(row!['dram_gbps']) < 2000, why]);
    expect(whys).toContainEqual([true, 'not stored yet']);
    expect(whys).toContainEqual([false, 'rejected by a constraint']);
    for (const [isKept, why] of whys) expect(why).toBe(isKept ? 'not stored yet' : 'rejected by a constraint');
    const report = (await reportOf(folder)).workloads[0]!.front.map(({ id }) => id);
    expect(report.sort((a, b) => a - b)).toEqual(now);
    expect(fingerprint(folder)).toEqual(files);
  });

  it('tells which bottlenecks flipped, the ones on a front first', async () => {
    const slower = await stored({ ...TINY, name: 'slower' }, (study) => ({
      ...study,
      baseline: { ...study.baseline, call_overhead_us: 400 },
    }));
    const [{ changes }] = (await diff(tiny!, slower)).workloads as [WorkloadDiff];
    const [was, is] = [tiny!, slower].map((folder) => rowsOf(folder, 'SELECT id, bottleneck AS b FROM points'));
    const flips = new Map<string, number>();
    was!.forEach(({ b }, i) => {
      const to = is![i]!['b'];
      if (b !== to) flips.set(`${b} ${to}`, (flips.get(`${b} ${to}`) ?? 0) + 1);
    });
    expect(flips.size).toBeGreaterThan(0);
    expect(new Map(changes.flips.map(({ from, to, designs }) => [`${from} ${to}`, designs]))).toEqual(flips);
    const important = changes.important_flips;
    expect(important.length).toBe(
      Math.min(
        5,
        [...flips.values()].reduce((a, b) => a + b),
      ),
    );
    const order = important.map(({ on_front, time_ms }) => [Number(!on_front), time_ms[1]] as const);
    expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(changes.metrics[0]).toMatchObject({ metric: 'time_ms', changed: 40 });
  });
});
