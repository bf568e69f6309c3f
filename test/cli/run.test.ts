/** `run`, `plan` and `pareto` through the command. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FRONT_MARKS } from '../../src/analysis/front-marks.js';
import { REASONS } from '../../src/model/reasons.js';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed, printedJson, startDeltaSweep } from '../helpers/command.js';
import { bruteForceFront } from '../helpers/fronts.js';
import { SMALL, TINY, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

interface FrontJson {
  objectives: string[];
  front: (Record<string, number> & { network: string })[];
  points: number;
  evaluated: number;
  seconds: number;
}

/** Runs a spec in a fresh folder; the folder, and the study's folder in it. */
async function ran(spec: SweepSpec, ...options: string[]) {
  const folder = makeFolder();
  writeSpec(folder, spec);
  const outcome = await deltaSweep(['run', 'sweep.yaml', ...options], folder);
  expect(outcome).toMatchObject({ code: 0 });
  return { folder, study: join(folder, 'results', spec.name), ...outcome };
}

/** 160,000 points in 10 chunks: long enough to be stopped on the way. */
const LONG: SweepSpec = {
  name: 'long',
  baseline: 'titan-xp',
  workloads: [{ network: 'googlenet', batch: 8 }],
  axes: {
    sm_count: { values: [10, 20, 30, 40, 50, 60, 70, 80] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 100 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 200 } },
  },
};

let whole: Promise<Awaited<ReturnType<typeof ran>>> | undefined;
/** `LONG`, run without a stop. */
const undisturbed = () => (whole ??= ran(LONG));

const arrowOf = (study: string) => readFileSync(join(study, 'points.arrow'));

describe('run', () => {
  let small: Awaited<ReturnType<typeof ran>>;
  beforeAll(async () => {
    small = await ran(SMALL);
  });

  it('stores the study under results, prints its front and tells where the results are', () => {
    expect(readdirSync(small.study).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
    expect(small.stdout).toMatch(/^alexnet, batch 16, forward: \d+ designs on the front\n/);
    expect(small.stdout).toMatch(/\nvgg16, batch 4, forward: \d+ designs on the front\n/);
    expect(small.stderr).toMatch(/note: model delta-2019 reads nothing from l2_mib/);
    const { points, rejected } = rowsOf<Record<string, number>>(
      small.study,
      'SELECT sum(points) AS points, sum(rejected) AS rejected FROM chunks',
    )[0]!;
    expect(small.stderr).toContain(`${points} points stored, ${rejected} rejected, in `);
    expect(small.stderr).toContain(': results/small\n');
  });

  it.each([1, 4])('stores the same with %i workers', async (workers) => {
    const { study } = await ran(SMALL, '--workers', String(workers));
    const sql = 'SELECT * FROM points ORDER BY id';
    expect(rowsOf(study, sql)).toEqual(rowsOf(small.study, sql));
    expect(arrowOf(study).equals(arrowOf(small.study))).toBe(true);
  });

  it('takes its folder from --out, and prints JSON with --json', async () => {
    const folder = makeFolder();
    writeSpec(folder, TINY);
    const json = await printedJson<FrontJson>(['run', 'sweep.yaml', '--out', 'deep/down', '--json'], folder);
    expect(json).toMatchObject({ study: 'tiny', objectives: ['time_ms', 'area_mm2'], points: 40 });
    expect(existsSync(join(folder, 'deep/down/study.db'))).toBe(true);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('says so when the folder holds the same study, finished, and shows its front again', async () => {
    const before = arrowOf(small.study);
    const again = await deltaSweep(['run', 'sweep.yaml'], small.folder);
    expect(again).toMatchObject({ code: 0, stdout: small.stdout });
    expect(again.stderr).toContain('results/small holds this study, finished; nothing to do (--fresh starts anew)');
    expect(arrowOf(small.study).equals(before)).toBe(true);
  });

  it('takes a renamed spec with its fields in another order, as JSON, for the same study', async () => {
    const reordered = Object.fromEntries(Object.entries(SMALL).reverse()) as unknown as SweepSpec;
    writeSpec(small.folder, reordered, 'renamed.json');
    const again = await deltaSweep(['run', 'renamed.json'], small.folder);
    expect(again).toMatchObject({ code: 0, stdout: small.stdout });
    expect(again.stderr).toContain('nothing to do');
  });

  it('starts anew with --fresh', async () => {
    const { folder, study } = await ran(TINY);
    const before = readFileSync(join(study, 'study.json'), 'utf8');
    const { code, stderr } = await deltaSweep(['run', 'sweep.yaml', '--fresh'], folder);
    expect(code).toBe(0);
    expect(stderr).toContain('40 points stored');
    expect(readFileSync(join(study, 'study.json'), 'utf8')).not.toBe(before); // the time it started
    await deltaSweep(['run', writeSpec(folder, { ...TINY, axes: { l2_gbps: { scale: [1, 2] } } }), '--fresh'], folder);
    expect(rowsOf(study, 'SELECT count(*) AS n FROM points')).toEqual([{ n: 2 }]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops at %s with exit code 130 and one line, and the same command resumes it to the same bytes',
    async (signal) => {
      const folder = makeFolder();
      writeSpec(folder, LONG);
      const run = startDeltaSweep(['run', 'sweep.yaml'], folder);
      const study = join(folder, 'results/long');
      const isUnderWay = () => {
        try {
          return rowsOf(study, 'SELECT 1 FROM chunks').length > 1;
        } catch {
          return false; // the database is not there yet
        }
      };
      while (!isUnderWay()) await new Promise((resolve) => setTimeout(resolve, 10));
      run.kill(signal);
      const { code, stdout, stderr } = await run.outcome;
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
      // Before it, on a machine that is slow enough, a line of progress.
      expect(stderr).toMatch(/(^|\n)delta-sweep: interrupted; the same command resumes where it stopped\n$/);
      expect(existsSync(join(study, 'points.arrow'))).toBe(false);
      const [stored] = rowsOf<{ done: number }>(study, 'SELECT sum(end_id - first_id) AS done FROM chunks');
      expect(stored!.done).toBeGreaterThan(0);

      const partial = await deltaSweep(['pareto', 'long', '--minimize', 'energy_j'], folder);
      expect(partial).toMatchObject({ code: 0 });
      expect(partial.stderr).toContain('the run of this study has not finished');

      const again = await deltaSweep(['run', 'sweep.yaml'], folder);
      expect(again.code).toBe(0);
      expect(rowsOf(study, 'SELECT DISTINCT objectives FROM pareto')).toEqual([
        { objectives: 'minimize time_ms, minimize area_mm2' },
      ]);
      expect(again.stderr).toContain(`resuming: ${stored!.done.toLocaleString('en-US')} points of the grid are stored`);
      expect(arrowOf(study).equals(arrowOf((await undisturbed()).study))).toBe(true);
    },
  );

  it('shows fronts without designs where every design is infeasible', async () => {
    const { stdout } = await ran({ ...TINY, axes: { register_kib: { values: [1, 2] } } });
    expect(stdout).toMatch(/^alexnet, batch 8, forward: 0 designs on the front\n/);
  });
});

describe('run into a folder that holds something else', () => {
  it.each<[string, (folder: string) => void | Promise<unknown>, RegExp]>([
    [
      'another study',
      (folder) =>
        deltaSweep(['run', writeSpec(folder, { ...TINY, baseline: 'p100' }, 'p100.yaml'), '--out', 'out'], folder),
      /^delta-sweep: out: holds another study \(differs in baseline, axes\), expected this study, an empty folder, .*\n$/,
    ],
    [
      'files of others',
      (folder) => {
        mkdirSync(join(folder, 'out'));
        writeFileSync(join(folder, 'out/thesis.tex'), '');
      },
      /^delta-sweep: out: holds files but no study, expected an empty folder or a study\n$/,
    ],
    [
      "another program's study.json",
      (folder) => {
        mkdirSync(join(folder, 'out'));
        writeFileSync(join(folder, 'out/study.json'), '{"hello": 1}');
      },
      /^delta-sweep: out\/study.json: is not a study's manifest: the document must have required property 'format', expected the study.json of a run; .*\n$/,
    ],
    ['a file', (folder) => writeFileSync(join(folder, 'out'), ''), /^delta-sweep: out: not a folder\n$/],
  ])('refuses %s and leaves it as it is', async (_, prepare, message) => {
    const folder = makeFolder();
    writeSpec(folder, TINY);
    await prepare(folder);
    const list = () => readdirSync(folder, { recursive: true }).sort();
    const before = list();
    const { code, stdout, stderr } = await deltaSweep(['run', 'sweep.yaml', '--out', 'out'], folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(list()).toEqual(before);
  });
});

describe('the front of a study', () => {
  const TIES: SweepSpec = {
    ...SMALL,
    name: 'ties',
    axes: {
      sm_count: { values: [30, 60, 60] }, // a value twice: designs that equal each other in everything
      macs_per_instr: { values: [32, 64] }, // neither time nor area moves
      dram_gbps: { scale: [1, 2, 3] },
      l2_gbps: { scale: [1, 1, 2] },
    },
    linked: [],
    constraints: [],
  };
  let folder: string;
  beforeAll(async () => {
    ({ folder } = await ran(TIES));
  });

  it.each<[string, string[], string, (row: Record<string, number>) => number[]]>([
    ['its own objectives', [], 'minimize time_ms, minimize area_mm2', (row) => [row['time_ms']!, row['area_mm2']!]],
    ['one objective', ['--minimize', 'time_ms'], 'minimize time_ms', (row) => [row['time_ms']!]],
    [
      'one to be large and one to be small',
      ['--maximize', 'balance', '--minimize', 'area_mm2'],
      'minimize area_mm2, maximize balance',
      (row) => [-row['balance']!, row['area_mm2']!],
    ],
    [
      'three objectives in one list',
      ['--minimize', 'time_ms,dram_share', '--maximize', 'tflops'],
      'minimize time_ms, minimize dram_share, maximize tflops',
      (row) => [row['time_ms']!, row['dram_share']!, -row['tflops']!],
    ],
  ])('over %s is what comparing all with all gives, ties and equals included', async (_, options, name, costsOf) => {
    const json = await printedJson<FrontJson>(['pareto', 'ties', ...options, '--json'], folder);
    const study = join(folder, 'results/ties');
    const rows = rowsOf<Record<string, number> & { network: string }>(study, 'SELECT * FROM points');
    const expected = ['alexnet', 'vgg16'].flatMap((network) =>
      bruteForceFront(
        rows.filter((row) => row.network === network),
        (row) => costsOf(row as Record<string, number>),
      ),
    );
    expect(expected.length).toBeGreaterThan(2);
    expect(json.front.map(({ id }) => id!).sort((a, b) => a - b)).toEqual(expected);
    expect(rowsOf(study, 'SELECT id FROM pareto WHERE objectives = ? ORDER BY id', name)).toEqual(
      expected.map((id) => ({ id })),
    );
    const marks = rowsOf(
      study,
      'SELECT sum(balanced) AS balanced, sum(knee) AS knees FROM pareto WHERE objectives = ?',
      name,
    );
    expect(marks[0]!['balanced']).toBe(2); // one a workload
    expect(marks[0]!['knees']).toBeLessThanOrEqual(2);
  });

  it('has the JSON of the contract: rows of points, sorted by the first objective within each workload', async () => {
    const json = await printedJson<FrontJson>(['pareto', 'ties', '--json'], folder);
    expect(json).toMatchObject({ objectives: ['time_ms', 'area_mm2'], points: 108, evaluated: 108 });
    expect(json.seconds).toBeGreaterThanOrEqual(0);
    const [stored] = rowsOf(join(folder, 'results/ties'), 'SELECT * FROM points LIMIT 1');
    for (const design of json.front)
      expect(Object.keys(design)).toEqual([
        ...Object.keys(stored!),
        ...FRONT_MARKS.map(({ name }) => name),
        ...REASONS.map(({ name }) => name),
      ]);
    for (const network of ['alexnet', 'vgg16']) {
      const times = json.front.filter((design) => design.network === network).map((design) => design['time_ms']!);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('is the same table that the run printed', async () => {
    const tiny = await ran(TINY);
    expect(tiny.stdout).toContain('designs on the front');
    const ofRun = (text: string) => text.split('\n').filter((line) => / {2}\d/.test(line));
    expect(await printed(['pareto', 'results/tiny'], tiny.folder)).toContain(ofRun(tiny.stdout)[0]!);
    expect(await printed(['pareto', 'tiny', '--minimize', 'dram_gb'], tiny.folder)).not.toBe(tiny.stdout);
  });
});
