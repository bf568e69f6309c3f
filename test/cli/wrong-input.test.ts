/** Wrong input: exit code 1, one line that says what, where and what was expected, and nothing left behind. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep } from '../helpers/command.js';
import { TINY, writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** One line on stderr, nothing on stdout, exit code 1. */
async function expectRefusal(args: readonly string[], folder: string, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await deltaSweep(args, folder);
  expect(stderr).toMatch(/^delta-sweep: [^\n]+\n$/);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

const yaml = (axes: string, more = '') => `name: wrong
baseline: titan-xp
workloads: [{ network: alexnet, batch: 8 }]
axes:
  ${axes}
${more}`;

const manyAxes = ['sm_count', 'clock_ghz', 'macs_per_clk', 'smem_gbps', 'l1_gbps', 'l2_gbps'];

describe('a spec that is wrong', () => {
  it.each<[string, SweepSpec | string, RegExp]>([
    [
      'an unknown axis',
      yaml('dram_gbs: { scale: [1, 2] }'),
      /sweep\.yaml:5: axes\.dram_gbs: unknown .*did you mean 'dram_gbps'/,
    ],
    ['an unknown GPU', { ...TINY, baseline: 'titanxp' }, /baseline: unknown GPU 'titanxp', .*did you mean 'titan-xp'/],
    [
      'an unknown network',
      { ...TINY, workloads: [{ network: 'alexnt', batch: 8 }] },
      /workloads\[0\]\.network: unknown network 'alexnt', .*did you mean 'alexnet'/,
    ],
    [
      'an empty axis',
      yaml('sm_count: { scale: [] }'),
      /:5: axes\.sm_count\.scale: too short, got \[\], expected at least 1/,
    ],
    [
      'a negative value',
      yaml('dram_gbps: { values: [400, -1] }'),
      /values\[1\]: out of bounds, got -1, expected at least 1e-9/,
    ],
    ['a value that is no number', yaml('dram_gbps: { values: [.nan] }'), /:5: axes\.dram_gbps\.values\[0\]: .*got NaN/],
    [
      'a tile that is none',
      yaml('cta_tile: { values: [100x100x8] }'),
      /cta_tile\.values\[0\]: not a CTA tile, got "100x100x8"/,
    ],
    [
      'a constraint of the wrong type',
      { ...TINY, constraints: ['dram_gbps + 1'] },
      /constraints\[0\]: is a number, got "dram_gbps \+ 1", expected a comparison/,
    ],
    [
      'constraints that reject everything',
      { ...TINY, constraints: ['sm_count > 1000'] },
      /constraints\[0\]: rejects every point of the grid, got "sm_count > 1000"/,
    ],
    [
      'a key that is there twice',
      yaml('sm_count: { scale: [1] }\n  sm_count: { scale: [2] }'),
      /sweep\.yaml:6: key 'sm_count' is there twice/,
    ],
    [
      'a grid of 2^60 points',
      {
        ...TINY,
        axes: Object.fromEntries(manyAxes.map((id) => [id, { scale: Array.from({ length: 1024 }, (_, i) => 1 + i) }])),
      },
      /axes: the grid has 1152921504606846976 points \(1 workload x sm_count 1024 .*expected at most 2\^53/,
    ],
    [
      'a grid that no disk holds',
      {
        ...TINY,
        axes: Object.fromEntries(manyAxes.slice(1).map((id) => [id, { range: { from: 1, to: 1000, steps: 1000 } }])),
      },
      /points would take about [\d,]+ d and 3\d\d PB of disk, of which .* are free, expected fewer values or axes/,
    ],
    ['text that is no YAML', 'name: [', /sweep\.yaml:1: not valid YAML: /],
    ['an empty file', '', /sweep\.yaml: empty, got null, expected a mapping/],
    ['a name that is no folder', { ...TINY, name: '../up' }, /name: not allowed, got "\.\.\/up"/],
    [
      'an unknown objective',
      { ...TINY, objectives: { minimize: ['time'] } },
      /objectives\.minimize\[0\]: unknown value.*did you mean 'time_ms'/,
    ],
    [
      'a pass that the model lacks',
      { ...TINY, model: 'delta-2019', workloads: [{ network: 'alexnet', batch: 8, pass: 'training' }] },
      /does not cover this pass, got "training"/,
    ],
    [
      'several things at once',
      yaml('sm_count: { scale: [0] }', 'modell: delta-2019'),
      /unknown field 'modell'.*; .*out of bounds, got 0/,
    ],
  ])('is refused for %s, and no folder is made', async (_, spec, message) => {
    const folder = makeFolder();
    writeSpec(folder, spec);
    await expectRefusal(['run', 'sweep.yaml'], folder, message);
    expect(readdirSync(folder)).toEqual(['sweep.yaml']);
  });
});

describe('a command line that is wrong', () => {
  let folder: string;
  let before: string;
  const state = () =>
    JSON.stringify(readdirSync(folder, { recursive: true }).sort()) +
    readFileSync(join(folder, 'results/tiny/study.db'), 'latin1');
  beforeAll(async () => {
    folder = makeFolder();
    writeSpec(folder, TINY);
    await deltaSweep(['run', 'sweep.yaml'], folder);
    before = state();
  });

  const explain = (...more: string[]) => ['explain', '--gpu', 'titan-xp', '--network', 'alexnet', ...more];

  it.each<[string[], RegExp]>([
    [['run', 'nosuch.yaml'], /nosuch\.yaml: no such file/],
    [['run', 'balanced-scalin'], /unknown sweep .*did you mean 'balanced-scaling'/],
    [['run', 'sweep.yaml', '--out', 'sweep.yaml/below'], /cannot be made: ENOTDIR/],
    [['run', 'sweep.yaml', '--out', ''], /cannot be made/],
    [['run', 'sweep.yaml', '--workers', '0'], /--workers, got 0, expected a whole number from 1 to 1024/],
    [['run', 'sweep.yaml', '--workers', 'many'], /--workers, got "not a number"/],
    [['run', 'sweep.yaml', '--workers'], /not enough arguments following: workers/],
    [['run', 'sweep.yaml', '--chunk', '1000'], /unknown argument: chunk/],
    [['run', 'sweep.yaml', '--frsh'], /unknown argument: frsh/],
    [['run'], /not enough non-option arguments: .* \(see delta-sweep run --help\)/],
    [[], /a command is missing \(see delta-sweep --help\)/],
    [['rnu'], /did you mean run\?/],
    [
      ['pareto', 'tiny', '--minimize', 'time'],
      /--minimize: unknown value, got "time", expected one of time_ms.*did you mean 'time_ms'/,
    ],
    [['pareto', 'tiny', '--minimize', 'time_ms', '--maximize', 'time_ms'], /objective time_ms is there twice/],
    [['pareto', 'nosuch'], /no study 'nosuch', expected one of tiny, or a study's folder/],
    [['query', 'tiny'], /query, expected either SQL or --recipe NAME/],
    [
      ['query', 'tiny', 'SELECT 1', '--format', 'xml'],
      /--format: unknown value, got "xml", expected one of table, csv/,
    ],
    [['query', 'tiny', 'SELEC 1'], /the statement does not read rows, got "SELEC 1", expected a SELECT/],
    [['query', 'tiny', 'SELECT nope FROM points'], /SQL: no such column: nope/],
    [['query', 'tiny', 'SELECT 1; SELECT 2'], /SQL: .*more than one statement/],
    [['query', 'tiny', "SELECT json('x')"], /SQL: malformed JSON/],
    [['query', 'tiny', "SELECT load_extension('x')"], /SQL: not authorized/],
    [['query', 'tiny', "INSERT INTO study VALUES ('a', 1)"], /does not read rows/],
    [['query', 'tiny', "INSERT INTO study VALUES ('a', 1) RETURNING key"], /does not read rows/],
    [['query', 'tiny', "ATTACH 'other.db' AS other"], /does not read rows/],
    [['query', 'tiny', "VACUUM INTO 'copy.db'"], /does not read rows/],
    [['query', 'tiny', 'PRAGMA journal_mode = WAL'], /does not read rows/],
    [['query', 'tiny', 'CREATE TEMP TABLE t AS SELECT 1'], /does not read rows/],
    [explain('--set', 'foo=1'), /--set axis: unknown value, got "foo"/],
    [explain('--set', 'dram_gps=1'), /did you mean 'dram_gbps'/],
    [explain('--set', 'sm_count=2.5'), /--set sm_count, got "2\.5", expected a whole number/],
    [explain('--set', 'dram_gbps=-1'), /--set dram_gbps, got "-1", expected a number of at least 1e-9 \[GB\/s\]/],
    [explain('--set', 'cta_tile=7x7x7'), /--set cta_tile, got "7x7x7", expected auto or MxNxK/],
    [explain('--set', 'smem_kib=1'), /alexnet cannot run: no CTA fits an SM/],
    [explain('--batch', '0'), /--batch, got 0, expected a whole number from 1 to 65536/],
    [explain('--batch', 'x'), /--batch, got "not a number"/],
    [explain('--pass', 'sideways'), /--pass: unknown value, got "sideways", expected one of forward, backward-data/],
    [explain('--model', 'delta-2091'), /--model: unknown value, got "delta-2091".*did you mean 'delta-2019'/],
    [['explain', '--gpu', 'titan-xp'], /missing required argument: network/],
    [['gpus', 'titan'], /unknown GPU 'titan'/],
    [['gpus', 'sweep.yaml'], /sweep\.yaml: 'id', .* are missing; .*/],
    [['networks', 'resnet5'], /unknown network 'resnet5'.*did you mean 'resnet50'/],
  ])('is refused: %j', async (args, message) => {
    await expectRefusal(args, folder, message);
    expect(state() === before).toBe(true);
  });

  it('shows a stack trace only where it is asked for', async () => {
    const { stderr } = await deltaSweep(['gpus', 'titan'], folder);
    expect(stderr).not.toContain(' at ');
  });
});
