/** `model: ./my-model.mjs`: the module of docs/models.md, and modules that go wrong, through the built command. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, PACKAGE_ROOT, start, MAIN } from '../helpers/command.js';
import { expectSame, startRun, storedChunks, undisturbed, until, type Undisturbed } from '../helpers/crash.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** The example of the docs. */
const ROOFLINE = /^```js\n([\s\S]*?)^```$/m.exec(readFileSync(join(PACKAGE_ROOT, 'docs/models.md'), 'utf8'))![1]!;

/** 100,000 points. */
const SPEC: SweepSpec = {
  name: 'roof',
  model: './roofline.mjs',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 8 }],
  axes: {
    sm_count: { range: { from: 10, to: 109, steps: 100 } },
    clock_ghz: { range: { from: 1, to: 2, steps: 10 } },
    macs_per_clk: { scale: [0.5, 1, 2, 4] },
    dram_gbps: { range: { from: 200, to: 2000, steps: 25 } },
  },
};

/** The same axes with fewer values: 400 points. */
const SMALL: SweepSpec = {
  ...SPEC,
  axes: { ...SPEC.axes, sm_count: { values: [10, 20, 40, 80] }, clock_ghz: { values: [1] } },
};

function folderWith(spec: SweepSpec, module = ROOFLINE): string {
  const folder = makeFolder();
  writeFileSync(join(folder, 'roofline.mjs'), module);
  writeSpec(folder, spec);
  return folder;
}

const run = (folder: string, ...args: string[]) => deltaSweep(['run', 'sweep.yaml', '--out', 'out', ...args], folder);

describe("a study of the user's own model", () => {
  let folder: string;
  beforeAll(async () => {
    folder = folderWith(SMALL);
    expect(await run(folder)).toMatchObject({ code: 0 });
  });

  it('is as long as the docs say', () => expect(ROOFLINE.split('\n').length).toBeLessThan(40));

  it('has the times of the roofline', async () => {
    const sql =
      'SELECT sm_count, macs_per_clk, dram_gbps, clock_ghz, time_ms, dram_gb, bottleneck FROM points LIMIT 50';
    const { stdout } = await deltaSweep(['query', 'out', sql, '--format', 'json'], folder);
    const rows = JSON.parse(stdout) as Record<string, number>[];
    expect(rows).toHaveLength(50);
    for (const row of rows) {
      // of the layers of AlexNet, at least as long as all multiply-accumulates and as all bytes take
      const macs = 8 * 665_784_864;
      const atPeak = macs / (row['sm_count']! * row['macs_per_clk']! * row['clock_ghz']! * 1e6);
      const atDram = (row['dram_gb']! / row['dram_gbps']!) * 1000;
      expect(row['time_ms']!).toBeGreaterThanOrEqual(Math.max(atPeak, atDram) * (1 - 1e-9));
      expect(row['time_ms']!).toBeLessThanOrEqual((atPeak + atDram) * (1 + 1e-9));
    }
  });

  it.each([
    [['pareto', 'out']],
    [['sensitivity', 'out']],
    [['check', 'out']],
    [['status', 'out']],
    [['diff', 'out', 'out']],
    [['report', 'out', '--to', 'page.html']],
    [['export', 'out', '--to', 'points.parquet']],
    [['plan', 'sweep.yaml']],
  ])('answers `%j`', async (args) => {
    expect(await deltaSweep(args, folder)).toMatchObject({ code: 0 });
  });

  it('keeps the text of its model, so that it needs no other file', () => {
    const { study } = JSON.parse(readFileSync(join(folder, 'out/study.json'), 'utf8')) as {
      study: { model: string; modelSource: string };
    };
    expect(study.modelSource).toBe(ROOFLINE);
    expect(study.model).toMatch(/^roofline@[0-9a-f]{12}$/);
  });

  it('has the front that a frontier search finds, as the module says that its times are monotone', async () => {
    const [stored, found] = await Promise.all([
      deltaSweep(['pareto', 'out', '--json'], folder),
      deltaSweep(['frontier', 'sweep.yaml', '--out', 'search', '--json'], folder),
    ]);
    const idsOf = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { front: { id: number }[] }).front.map(({ id }) => id);
    expect(idsOf(found)).toEqual(idsOf(stored));
    expect(idsOf(found).length).toBeGreaterThan(3);
  });

  it('is merged from shards, byte for byte', async () => {
    const sharded = folderWith(SMALL);
    for (const shard of ['1/2', '2/2']) expect(await run(sharded, '--shard', shard)).toMatchObject({ code: 0 });
    expect(await deltaSweep(['merge', 'out'], sharded)).toMatchObject({ code: 0 });
    const bytes = (of: string) => readFileSync(join(of, 'out/points.arrow'));
    expect(bytes(sharded).equals(bytes(folder))).toBe(true);
  });

  it('is another study once the file of its model has changed', async () => {
    const changed = folderWith(SMALL);
    expect(await run(changed)).toMatchObject({ code: 0 });
    writeFileSync(join(changed, 'roofline.mjs'), `${ROOFLINE}// changed\n`);
    const { code, stderr } = await run(changed);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^delta-sweep: out: holds another study \(differs in model\)/);
  });
});

describe("a run of the user's own model", () => {
  let whole: Undisturbed;
  beforeAll(async () => {
    const folder = folderWith(SPEC);
    whole = await undisturbed(folder, SPEC);
  }, 120_000);

  it('is killed and resumed to what an undisturbed run has stored', async () => {
    expect(storedChunks(whole.study)).toBeGreaterThan(3);
    const folder = folderWith(SPEC);
    const study = join(folder, 'out');
    const first = startRun(folder);
    await until(() => storedChunks(study) >= 2, first);
    first.kill('SIGKILL');
    expect(await first.end).toMatchObject({ signal: 'SIGKILL' });
    const second = startRun(folder);
    expect(await second.end).toMatchObject({ code: 0 });
    expectSame(study, whole.study);
  }, 120_000);
});

describe('a module that goes wrong', () => {
  const broken = (body: string) => ROOFLINE.replace(/ {4}return \{ bound, busy.*\n/, `    ${body}\n`);

  it.each([
    ['throws', "if (macsPerSm < 1e5) throw new Error('too\\nfew'); return { bound };", 'evaluate threw too few'],
    [
      'returns NaN',
      'return { bound: macsPerSm < 1e5 ? { compute: NaN } : bound };',
      'evaluate returned bound.compute = NaN',
    ],
    ['returns no object', 'return macsPerSm < 1e5 ? 7 : { bound };', 'evaluate returned 7, expected { bound'],
    [
      'returns an unknown stream',
      'return { bound: macsPerSm < 1e5 ? { tensor: 1 } : bound };',
      'evaluate returned bound.tensor',
    ],
  ])(
    'at one point, as it %s: one line with the point, the chunk failed, and the rest stored',
    async (_, body, says) => {
      // The last SM counts alone have few enough multiply-accumulates an SM.
      const axes = { ...SPEC.axes, sm_count: { values: [...Array.from({ length: 60 }, (_, i) => 10 + i), 100_000] } };
      const folder = folderWith({ ...SPEC, axes }, broken(body));
      const { code, stderr } = await run(folder);
      expect(code).toBe(2);
      const last = stderr.trimEnd().split('\n').at(-1)!;
      expect(last).toMatch(/point \d+: model 'roofline', layer 'conv1' forward: /);
      expect(last).toContain(says);
      const { stdout } = await deltaSweep(['query', 'out', 'SELECT count(*) FROM points', '--format', 'csv'], folder);
      expect(Number(stdout.split('\n')[1])).toBeGreaterThan(40_000);
      expect(
        (await deltaSweep(['query', 'out', 'SELECT cause FROM failures', '--format', 'csv'], folder)).stdout,
      ).toContain(says);
    },
  );

  it.each([
    [
      'has no bounds, in a frontier search',
      ['frontier', 'sweep.yaml'],
      ROOFLINE.replace('monotone: true,', ''),
      /has no bounds of its times/,
    ],
    [
      'is no model',
      ['run', 'sweep.yaml'],
      'export default { name: 7 };',
      /roofline\.mjs: is not a model: name is 7, expected a name of/,
    ],
    ['exports nothing', ['run', 'sweep.yaml'], 'const x = 1;', /is not a model: has no object as its default export/],
    ['cannot be parsed', ['run', 'sweep.yaml'], 'export default {', /roofline\.mjs: the model cannot be loaded: /],
    [
      'imports another file',
      ['run', 'sweep.yaml'],
      "import './other.mjs';\nexport default {};",
      /cannot be loaded: .*expected one file without imports/,
    ],
  ])('%s: one line', async (_, args, module, says) => {
    const { code, stderr } = await deltaSweep(args, folderWith(SMALL, module));
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(says);
  });

  it('that is not there, and a model that nobody has: one line that names it', async () => {
    const folder = makeFolder();
    for (const [model, says] of [
      ['./nowhere.mjs', /sweep\.yaml:3: model: .*nowhere\.mjs: no such file/],
      [
        'delta-2018',
        /unknown model, got "delta-2018", expected delta, delta-2019, or the path of a module .*did you mean 'delta-2019'/,
      ],
    ] as const) {
      writeSpec(folder, { ...SMALL, model });
      const { outcome } = start(process.execPath, [MAIN, 'run', 'sweep.yaml'], folder);
      const { code, stderr } = await outcome;
      expect(code).toBe(1);
      expect(stderr).toMatch(says);
    }
  });
});
