/** `pareto` over all workloads and within limits, through the command. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { bruteForceFront } from '../helpers/fronts.js';
import { WIDE, writeSpec } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

type Design = Record<string, number>;
interface FrontJson {
  objectives: string[];
  over: string;
  limits: string[];
  front: Design[];
}

/** Two networks, designs that cannot run, a constraint, and a value twice. */
const SPEC: SweepSpec = {
  ...WIDE,
  name: 'two',
  workloads: [
    { network: 'alexnet', batch: 8 },
    { network: 'vgg16', batch: 2 },
  ],
  axes: {
    register_kib: { values: [16, 256] },
    sm_count: { scale: [1, 2, 2, 4] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 4 } },
    dram_gbps: { scale: [1, 2, 3, 4, 6] },
  },
};
const STRIDE = 2 * 4 * 4 * 5;

let folder: string;
let points: Design[];
beforeAll(async () => {
  folder = makeFolder();
  writeSpec(folder, SPEC);
  await printed(['run', 'sweep.yaml'], folder);
  points = rowsOf<Design>(join(folder, 'results/two'), 'SELECT * FROM points WHERE time_ms IS NOT NULL');
});

const pareto = (...options: string[]) => printedJson<FrontJson>(['pareto', 'two', ...options, '--json'], folder);
const idsOf = (front: readonly Design[]) => front.map(({ id }) => id!).sort((a, b) => a - b);
const stored = (name: string) =>
  rowsOf<Design>(join(folder, 'results/two'), 'SELECT id FROM pareto WHERE objectives = ? ORDER BY id', name).map(
    ({ id }) => id,
  );

describe('pareto of each workload', () => {
  it('marks each design as robust or fragile, in JSON, in the study and in the table', async () => {
    const { front } = await pareto();
    const sql = "SELECT id, robust FROM pareto WHERE objectives = 'minimize time_ms, minimize area_mm2' ORDER BY id";
    const marks = rowsOf<Design>(join(folder, 'results/two'), sql).map(({ id, robust }) => [id, robust === 1]);
    expect(new Set(marks.map(([, robust]) => robust))).toEqual(new Set([true, false]));
    expect(front.map(({ id, robust }) => [id, robust]).sort(([a], [b]) => a! - b!)).toEqual(marks);
    const text = await printed(['pareto', 'two'], folder);
    const ids = Array.from(text.matchAll(/^ *\*?k?r(\d+) /gm), ([, id]) => Number(id));
    expect(ids.sort((a, b) => a - b)).toEqual(marks.flatMap(([id, robust]) => (robust ? [id] : [])));
    expect(text).toContain('\nr: robust: ');
  });
});

describe('pareto over all workloads', () => {
  it.each<[string, string, (a: number, b: number) => number]>([
    ['geomean', 'geometric mean over all workloads', (a, b) => Math.sqrt(a * b)],
    ['worst', 'worst over all workloads', Math.min],
  ])('by %s is what comparing all with all gives, its own time as a speedup', async (over, scope, joint) => {
    const designs = points.slice(0, points.length / 2).map((first) => {
      const second = points.find(({ id }) => id === first['id']! + STRIDE)!;
      const speedup = joint(first['speedup']!, second['speedup']!);
      return { id: first['id']!, area: first['area_mm2']!, gb: first['dram_gb']! + second['dram_gb']!, speedup };
    });
    const expected = bruteForceFront(designs, (row) => [-Number(row['speedup']), Number(row['area'])]);
    expect(expected.length).toBeGreaterThan(4);
    const json = await pareto('--over', over);
    expect(json).toMatchObject({ objectives: ['speedup', 'area_mm2'], over, limits: [] });
    expect(idsOf(json.front)).toEqual(expected);
    expect(stored(`maximize speedup, minimize area_mm2; ${scope}`)).toEqual(expected);
    for (const design of json.front) {
      const { speedup, area, gb } = designs.find(({ id }) => id === design['id'])!;
      expect(design['speedup']! / speedup).toBeCloseTo(1, 12);
      expect([design['area_mm2'], design['dram_gb']]).toEqual([area, gb]);
      expect(design).not.toHaveProperty('time_ms');
      expect(design['robust']).toBeNull();
    }
    expect(json.front.filter(({ balanced }) => balanced)).toHaveLength(1);
    expect(json.front.filter(({ knee }) => knee)).toHaveLength(1);
  });

  it.each<[string, (a: number, b: number) => number, (a: number, b: number) => number]>([
    ['geomean', (a, b) => (a + b) / 2, (a, b) => (a + b) / 2],
    ['worst', Math.max, Math.min],
  ])('by %s joins power, shares and balance as its legend says', async (over, ofLow, ofHigh) => {
    const { front } = await pareto('--over', over);
    for (const design of front) {
      const [a, b] = [0, STRIDE].map((offset) => points.find(({ id }) => id === design['id']! + offset)!);
      for (const name of ['power_w', 'dram_share', 'issue_share', 'latency_share'])
        expect(design[name]).toBeCloseTo(ofLow(a![name]!, b![name]!), 10);
      expect(design['balance']).toBeCloseTo(ofHigh(a!['balance']!, b!['balance']!), 12);
    }
    expect(await printed(['pareto', 'two', '--over', over], folder)).toContain(
      over === 'worst' ? 'each that of the workload where it\nis worst' : 'power are arithmetic\nmeans',
    );
  });

  it('is one table with what is compared', async () => {
    const text = await printed(['pareto', 'two', '--over', 'worst'], folder);
    expect(text).toMatch(
      /^all 2 workloads: \d+ designs on the front\nmaximize speedup, minimize area_mm2\nworst over all workloads\n/,
    );
    expect(text).not.toMatch(/\bms\b/);
  });
});

describe('pareto within limits', () => {
  it('is the front of the designs within them, the best first', async () => {
    const json = await pareto('--at-most', 'area_mm2=900', '--at-least', 'speedup=1.1');
    const within = points.filter((row) => row['area_mm2']! <= 900 && row['speedup']! >= 1.1);
    const expected = ['alexnet', 'vgg16'].flatMap((network) =>
      bruteForceFront(
        within.filter((row) => String(row['network']) === network),
        (row) => [Number(row['time_ms']), Number(row['area_mm2'])],
      ),
    );
    expect(json.limits).toEqual(['area_mm2 <= 900', 'speedup >= 1.1']);
    expect(idsOf(json.front)).toEqual(expected);
    expect(stored('minimize time_ms, minimize area_mm2; within area_mm2 <= 900, speedup >= 1.1')).toEqual(expected);
    for (const network of ['alexnet', 'vgg16']) {
      const best = json.front.find((row) => String(row['network']) === network)!;
      const times = within.filter((row) => String(row['network']) === network).map((row) => row['time_ms']!);
      expect(best['time_ms']).toBe(Math.min(...times));
    }
  });

  it('answers in words: the smallest that is fast enough, over all workloads', async () => {
    const text = await printed(
      ['pareto', 'two', '--over', 'worst', '--minimize', 'area_mm2', '--at-least', 'speedup=1.2'],
      folder,
    );
    expect(text).toMatch(/\nwithin speedup >= 1\.2\nleast area_mm2: [\d.,]+ \(design \d+\)\n/);
  });

  it.each<[string[], RegExp]>([
    [['--at-most', 'area=600'], /--at-most: unknown value, got "area", expected one of .*did you mean 'area_mm2'/],
    [['--at-most', 'area_mm2'], /--at-most area_mm2, got "", expected a number/],
    [['--at-least', 'speedup=two'], /--at-least speedup, got "two", expected a number/],
    [['--at-most', 'bottleneck=1'], /--at-most: unknown value, got "bottleneck"/],
    [['--at-most', 'area_mm2=1'], /no design has area_mm2 <= 1, expected area_mm2 <= \d/],
    [
      ['--at-most', 'area_mm2=700', '--at-least', 'speedup=2'],
      /no design has area_mm2 <= 700 and speedup >= 2, expected area_mm2 <= [\d.]+ or speedup >= [\d.]+ with the others/,
    ],
    [['--over', 'all'], /--over: unknown value, got "all", expected one of each, geomean, worst/],
    [['--over', 'worst', '--at-most', 'time_ms=1'], /--at-most: unknown value, got "time_ms", expected one of speedup/],
    [
      ['--over', 'worst', '--minimize', 'time_ms,tflops'],
      /: over all workloads, 'minimize time_ms' and 'minimize tflops' ask for opposite speedups, got "--over worst", expected one of them\n/,
    ],
    [
      ['--over', 'geomean', '--minimize', 'area_mm2,time_ms,speedup'],
      /'minimize time_ms' and 'minimize speedup' ask for/,
    ],
  ])('refuses %j', async (options, message) => {
    const { code, stdout, stderr } = await deltaSweep(['pareto', 'two', ...options], folder);
    expect(stderr).toMatch(/^delta-sweep: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('gives limits that let a design pass', async () => {
    const { stderr } = await deltaSweep(['pareto', 'two', '--at-most', 'area_mm2=1'], folder);
    const [, limit] = /expected area_mm2 <= ([\d.]+)/.exec(stderr)!;
    expect((await pareto('--at-most', `area_mm2=${limit}`)).front.length).toBeGreaterThan(0);
  });
});

describe('pareto of a study that stores its front alone', () => {
  let front: string;
  beforeAll(async () => {
    front = makeFolder();
    writeSpec(front, { ...SPEC, store: { points: 'front' } });
    await printed(['run', 'sweep.yaml'], front);
  });

  it('does not compare over all workloads: the designs are not there', async () => {
    const { code, stderr } = await deltaSweep(['pareto', 'two', '--over', 'geomean'], front);
    expect(code).toBe(1);
    expect(stderr).toMatch(/stores the front of each workload alone, got "--over geomean", expected --over each/);
  });

  it('cuts it by its objectives as if all points were stored, and says where that cannot be', async () => {
    const cut = ['pareto', 'two', '--at-most', 'area_mm2=600', '--json'];
    const { stdout, stderr } = await deltaSweep(cut, front);
    const ofAll = await pareto('--at-most', 'area_mm2=600');
    const json = JSON.parse(stdout) as FrontJson;
    expect(idsOf(json.front)).toEqual(idsOf(ofAll.front));
    expect(json.front.map(({ robust }) => robust)).toEqual(json.front.map(() => null));
    expect(stderr).toBe('');
    const other = await deltaSweep(['pareto', 'two', '--at-most', 'dram_gb=1'], front);
    expect(other.stderr).toMatch(/this study stores its own front alone/);
  });
});
