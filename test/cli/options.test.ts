/** A study of named options through the command: `plan`, `run`, `pareto`, `query`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { OPTIONS, writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** `OPTIONS` with nothing that crosses them. */
const { axes: _axes, constraints: _constraints, ...ALONE } = OPTIONS;

interface OptionJson {
  option: string;
  id: number;
  time_ms: number | null;
  area_mm2: number | null;
  imbalance: number | null;
  on_front: boolean;
  balanced: boolean;
}

/** A folder with a study run in it, and what the run printed. */
async function ran(spec: SweepSpec) {
  const folder = makeFolder();
  writeSpec(folder, spec);
  return { folder, stdout: await printed(['run', 'sweep.yaml'], folder) };
}

const rowOf = (text: string, option: string) => text.split('\n').find((line) => line.includes(` ${option} `)) ?? '';

describe('a study of options alone', () => {
  let folder: string;
  let stdout: string;
  beforeAll(async () => ({ folder, stdout } = await ran(ALONE)));

  it('is shown whole after a run: a table a workload, a row an option, none wider than 100 columns', () => {
    expect(stdout).toMatch(/^alexnet, batch 8, forward: 5 design options, \d on the front\n/);
    expect(stdout).toContain('\nalexnet, batch 32, forward: 5 design options, ');
    for (const { name } of OPTIONS.options!) expect(stdout.split(` ${name} `)).toHaveLength(3);
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(rowOf(stdout, 'sms-2x')).toMatch(/ 2x SMs {2,}/);
    expect(rowOf(stdout, 'baseline')).toMatch(/ - +[\d.]+ [\d.]+ +1 +1 /);
    expect(stdout).toContain('tile 256x128x8');
    expect(stdout).toContain('no CTA fits an SM');
    expect(stdout).not.toMatch(/NaN|undefined|null/);
  });

  it('is shown as JSON with every option, the front marked among them', async () => {
    const json = await printedJson<{ front: OptionJson[]; options: OptionJson[] }>(
      ['run', 'sweep.yaml', '--json'],
      folder,
    );
    const names = OPTIONS.options!.map(({ name }) => name);
    expect(json.options.map(({ option }) => option)).toEqual([...names, ...names]);
    const onFront = json.options.filter(({ on_front }) => on_front).map(({ id }) => id);
    expect(onFront).toEqual(json.front.map(({ id }) => id).sort((a, b) => a - b));
    for (const { id, balanced, imbalance } of json.front)
      expect(json.options[id]).toMatchObject({ id, balanced, imbalance });
    for (const { option, time_ms, imbalance } of json.options)
      expect([time_ms === null, imbalance === null]).toEqual([option === 'no-fit', option === 'no-fit']);
  });

  it('shows its front alone with pareto, in the same columns', async () => {
    const front = await printed(['pareto', 'options'], folder);
    expect(front).toMatch(/^alexnet, batch 8, forward: \d designs on the front\n/);
    expect(front).toContain('option');
    expect(rowOf(front, 'no-fit')).toBe('');
    expect(rowOf(front, 'baseline')).not.toBe('');
  });

  it('answers SQL by the names of its options', async () => {
    const sql = "SELECT option, sm_count FROM points WHERE batch = 8 AND option LIKE 'sms%' ORDER BY option";
    expect(await printed(['query', 'options', sql, '--format', 'csv'], folder)).toBe(
      'option,sm_count\nsms-2x,60\nsms-2x-dram,60\n',
    );
  });

  it('is planned by the names of its options', async () => {
    expect(await printed(['plan', 'sweep.yaml'], folder)).toContain(
      '\n  options      sms-2x, baseline, sms-2x-dram, no-fit, wide-tile\n',
    );
    const plan = await printedJson<{ grid: number; options: string[] }>(['plan', 'sweep.yaml', '--json'], folder);
    expect(plan).toMatchObject({ grid: 10, options: OPTIONS.options!.map(({ name }) => name) });
  });
});

describe('a study whose options are crossed with an axis', () => {
  it('shows its front with the name of the option in place of its axes', async () => {
    const { stdout } = await ran(OPTIONS);
    expect(stdout).toMatch(/^alexnet, batch 8, forward: \d+ designs on the front\n/);
    expect(stdout).toMatch(/ baseline +1 /);
    const [tables] = stdout.split('\nAxes are');
    expect(tables).not.toMatch(/\bSMs\b|MACs/);
  });
});

it('an option that is wrong is reported in one line, at its field', async () => {
  const folder = makeFolder();
  writeSpec(folder, { ...ALONE, options: [{ name: 'a' }, { name: 'a', scale: { sm_count: 1.05 } }] });
  const { code, stderr } = await deltaSweep(['run', 'sweep.yaml'], folder);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(
    /options\[1\]\.name: another option has this name, got "a"; .*options\[1\]\.scale\.sm_count: /,
  );
});

describe.each(['geomean', 'worst'])('pareto over all workloads by %s', (over) => {
  const text = (folder: string) => printed(['pareto', 'options', '--over', over], folder);
  const json = (folder: string) =>
    printedJson<{ front: OptionJson[] }>(['pareto', 'options', '--over', over, '--json'], folder);

  it('names the options of a study of options alone, what they change and what that gives', async () => {
    const { folder } = await ran(ALONE);
    const [table, { front }] = [await text(folder), await json(folder)];
    expect(table).not.toMatch(/undefined|NaN|null|\bms\b/);
    expect(front.map(({ option }) => option)).toContain('baseline');
    for (const { option, id } of front) {
      expect(option).toBe(OPTIONS.options![id]!.name);
      expect(rowOf(table, option)).toMatch(/ [\d.,]+ +[\d.]+ +[\d.]+ +\d+ +\d+ +(issue|compute|smem|l1|l2|dram)/);
    }
    if (front.some(({ option }) => option === 'sms-2x')) expect(rowOf(table, 'sms-2x')).toMatch(/ 2x SMs {2,}/);
  });

  it('names the options that are crossed with axes', async () => {
    const { folder } = await ran(OPTIONS);
    const [table, { front }] = [await text(folder), await json(folder)];
    expect(table).not.toMatch(/undefined|NaN|null/);
    for (const { option, id } of front) {
      expect(option).toBe(OPTIONS.options![Math.floor(id / 2)]!.name);
      expect(table).toMatch(new RegExp(`\\D${id} +${option} `));
    }
  });
});
