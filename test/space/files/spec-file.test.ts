import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinNames, findFile } from '../../../src/space/files/library.js';
import { loadStudy, parseStudy } from '../../../src/space/files/spec-file.js';
import { acceptance, comparesOptions, gridOf, sweptAxes } from '../../../src/space/study.js';
import { inputErrorOf, messageOf } from '../studies.js';

const SPEC = `name: t
baseline: titan-xp
workloads:
  - { network: alexnet, batch: 32 }
axes:
  sm_count: { scale: [1, 2] }
`;

function change(from: string, to: string): string {
  expect(SPEC).toContain(from);
  return SPEC.replace(from, to);
}

const refusal = (text: string) => messageOf(() => parseStudy(text, 's.yaml', '.'));

const AXES =
  'sm_count, clock_ghz, macs_per_clk, macs_per_instr, issue_per_clk, register_kib, smem_kib, smem_gbps, l1_kib, l1_gbps, ' +
  'l2_mib, l2_gbps, dram_gbps, l1_ns, l2_ns, dram_ns, cta_tile';

describe('parseStudy', () => {
  it('reads YAML and JSON alike', () => {
    const json = {
      name: 't',
      baseline: 'titan-xp',
      workloads: [{ network: 'alexnet', batch: 32 }],
      axes: { sm_count: { scale: [1, 2] } },
    };
    expect(parseStudy(JSON.stringify(json, null, 2), 's.json', '.')).toEqual(parseStudy(SPEC, 's.yaml', '.'));
  });

  it('keeps all points, or the front alone where that is asked for', () => {
    const storeOf = (more: string) => parseStudy(`${SPEC}${more}`, 's.yaml', '.').store;
    expect(storeOf('')).toBe('all');
    expect(storeOf('store: { points: all }\n')).toBe('all');
    expect(storeOf('store: { points: front }\n')).toBe('front');
    expect(refusal(`${SPEC}store: { points: fronts }\n`)).toBe(
      's.yaml:7: store.points: unknown value, got "fronts", expected one of all, front (did you mean \'front\'?)',
    );
  });

  it('needs no axes where there are options', () => {
    const text = `${SPEC.replace(/axes:[^]*/, '')}options:\n  - { name: a }\n  - { name: b, scale: { sm_count: 2 } }\n`;
    expect(parseStudy(text, 's.yaml', '.')).toMatchObject({
      options: ['a', 'b'],
      dimensions: [[{ id: 'sm_count', values: [30, 60] }]],
    });
  });

  const options = (...lines: string[]) => `${SPEC}options:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  const axis = (to: string) => change('{ scale: [1, 2] }', to);

  it.each<[string, string]>([
    [axis('{ scale: [.nan] }'), 's.yaml:6: axes.sm_count.scale[0]: wrong kind of value, got NaN, expected a number'],
    [axis('{ scale: [-1] }'), 's.yaml:6: axes.sm_count.scale[0]: out of bounds, got -1, expected more than 0'],
    [axis('{ scale: [0] }'), 's.yaml:6: axes.sm_count.scale[0]: out of bounds, got 0, expected more than 0'],
    [
      axis('{ scale: [.inf] }'),
      's.yaml:6: axes.sm_count.scale[0]: wrong kind of value, got Infinity, expected a number',
    ],
    [axis('{ scale: [] }'), 's.yaml:6: axes.sm_count.scale: too short, got [], expected at least 1 entry'],
    [axis('{ scale: 2 }'), 's.yaml:6: axes.sm_count.scale: wrong kind of value, got 2, expected a list'],
    [
      axis('{ scale: [1.05] }'),
      's.yaml:6: axes.sm_count.scale[0]: 1.05 x 30 is 31.5, got 1.05, expected a whole sm_count',
    ],
    [
      axis('{ values: [30.5] }'),
      's.yaml:6: axes.sm_count.values[0]: wrong kind of value, got 30.5, expected a whole number',
    ],
    [
      axis('{ values: [2e9] }'),
      's.yaml:6: axes.sm_count.values[0]: out of bounds, got 2000000000, expected at most 1000000000',
    ],
    [
      axis('{ scale: [1], values: [30] }'),
      's.yaml:6: axes.sm_count: wrong number of fields, got {"scale":[1],"values":[30]}, expected only one of scale, values, range',
    ],
    [
      axis('{}'),
      's.yaml:6: axes.sm_count: wrong number of fields, got {}, expected at least one of scale, values, range',
    ],
    [axis(''), 's.yaml:6: axes.sm_count: empty, got null, expected a mapping'],
    [axis('[1, 2]'), 's.yaml:6: axes.sm_count: wrong kind of value, got [1,2], expected a mapping'],
    [
      axis('&a { scale: *a }'),
      's.yaml:6: axes.sm_count.scale: wrong kind of value, got a value that contains itself, expected a list',
    ],
    [
      axis('{ scales: [1] }'),
      "s.yaml:6: axes.sm_count.scales: unknown field 'scales', expected one of scale, values, range (did you mean 'scale'?)",
    ],
    [axis('{ range: { from: 1, steps: 3 } }'), "s.yaml:6: axes.sm_count.range: 'to' is missing"],
    [
      axis('{ range: { from: 1, to: 9, steps: 1 } }'),
      's.yaml:6: axes.sm_count.range.steps: out of bounds, got 1, expected at least 2',
    ],
    [
      axis('{ range: { from: 1, to: 9, steps: 1e9 } }'),
      's.yaml:6: axes.sm_count.range.steps: out of bounds, got 1000000000, expected at most 100000',
    ],
    [
      axis('{ range: { from: 1, to: 9, steps: 3, spacing: lin } }'),
      's.yaml:6: axes.sm_count.range.spacing: unknown value, got "lin", expected one of linear, log (did you mean \'linear\'?)',
    ],
    [
      change('sm_count:', 'sm_cout:'),
      `s.yaml:6: axes.sm_cout: unknown axis 'sm_cout', expected one of ${AXES} (did you mean 'sm_count'?)`,
    ],
    [
      `${SPEC}linked:\n  - l1_kb: { scale: [1] }\n`,
      `s.yaml:8: linked[0].l1_kb: unknown axis 'l1_kb', expected one of ${AXES} (did you mean 'l1_kib'?)`,
    ],
    [
      change('sm_count: { scale: [1, 2] }', 'cta_tile: { scale: [1] }'),
      "s.yaml:6: axes.cta_tile: 'values' is missing; s.yaml:6: axes.cta_tile.scale: unknown field 'scale', expected values",
    ],
    [`${SPEC}sm_count: 1\nname: u\n`, "s.yaml:8: key 'name' is there twice"],
    [
      `${SPEC}constraint: []\n`,
      "s.yaml:7: constraint: unknown field 'constraint', expected one of $schema, name, model, baseline, costs, workloads, axes, " +
        "linked, options, constraints, objectives, store (did you mean 'constraints'?)",
    ],
    [
      `${SPEC}constraints: sm_count > 1\n`,
      's.yaml:7: constraints: wrong kind of value, got "sm_count > 1", expected a list',
    ],
    [
      `${SPEC}constraints:\n  - sm_count > 1\n  - sm_count > 1e6\n`,
      's.yaml:9: constraints[1]: rejects every point of the grid, got "sm_count > 1e6"',
    ],
    [
      `${SPEC}constraints: [sm_count + 1]\n`,
      's.yaml:7: constraints[0]: is a number, got "sm_count + 1", expected a comparison, true or false',
    ],
    [
      `${SPEC}objectives: { minimize: [time] }\n`,
      's.yaml:7: objectives.minimize[0]: unknown value, got "time", expected one of time_ms, images_per_s, speedup, tflops, ' +
        'compute_share, issue_share, smem_share, l1_share, l2_share, dram_share, latency_share, launch_share, balance, l1_gb, ' +
        "l2_gb, dram_gb, area_mm2, energy_j, power_w (did you mean 'time_ms'?)",
    ],
    [
      `${SPEC}objectives: { minimize: [time_ms, time_ms] }\n`,
      's.yaml:7: objectives.minimize: an entry is there twice, got "time_ms"',
    ],
    [options('{ name: a }'), 's.yaml:7: options: too short, got [{"name":"a"}], expected at least 2 entries'],
    [options('{ name: a }', '{ scale: { l2_mib: 2 } }'), "s.yaml:9: options[1]: 'name' is missing"],
    [
      options('{ name: "" }', '{ name: b, scale: { l2_mib: 2 } }'),
      's.yaml:8: options[0].name: not allowed, got "", expected text that matches ^[a-z0-9][a-z0-9._-]*$',
    ],
    [
      options(`{ name: ${'a'.repeat(29)} }`, '{ name: b, scale: { l2_mib: 2 } }'),
      `s.yaml:8: options[0].name: too long, got "${'a'.repeat(29)}", expected at most 28 characters`,
    ],
    [
      options('{ name: a }', '{ name: b, scales: { l2_mib: 2 } }'),
      "s.yaml:9: options[1].scales: unknown field 'scales', expected one of name, scale, values (did you mean 'scale'?)",
    ],
    [
      options('{ name: a }', '{ name: b, values: { l2_mb: 2 } }'),
      `s.yaml:9: options[1].values.l2_mb: unknown axis 'l2_mb', expected one of ${AXES} (did you mean 'l2_mib'?)`,
    ],
    [
      options('{ name: a }', '{ name: b, scale: { cta_tile: 2 } }'),
      `s.yaml:9: options[1].scale.cta_tile: unknown axis 'cta_tile', expected one of ${AXES.replace(', cta_tile', '')}`,
    ],
    [
      options('{ name: a }', '{ name: b, scale: { l2_mib: 0 } }'),
      's.yaml:9: options[1].scale.l2_mib: out of bounds, got 0, expected more than 0',
    ],
    [
      options('{ name: a }', '{ name: b, scale: { l2_mib: [2, 4] } }'),
      's.yaml:9: options[1].scale.l2_mib: wrong kind of value, got [2,4], expected a number',
    ],
    [
      options('{ name: a }', '{ name: b, values: { sm_count: 40.5 } }'),
      's.yaml:9: options[1].values.sm_count: wrong kind of value, got 40.5, expected a whole number',
    ],
    [
      options('{ name: a, scale: { l2_mib: 2 } }', '{ name: a }'),
      's.yaml:9: options[1].name: another option has this name, got "a"',
    ],
    [
      options('{ name: a, scale: { sm_count: 2 } }', '{ name: b }'),
      "s.yaml:8: options[0].scale.sm_count: axis 'sm_count' is in axes or linked too, expected it in one place",
    ],
    [
      change('name: t', 'name: My Study'),
      's.yaml:1: name: not allowed, got "My Study", expected text that matches ^[a-z0-9][a-z0-9-]*$',
    ],
    [
      change('name: t', 'name: ../x'),
      's.yaml:1: name: not allowed, got "../x", expected text that matches ^[a-z0-9][a-z0-9-]*$',
    ],
    [
      change('batch: 32', 'batch: "32"'),
      's.yaml:4: workloads[0].batch: wrong kind of value, got "32", expected a whole number',
    ],
    [change('batch: 32', 'batch: 0'), 's.yaml:4: workloads[0].batch: out of bounds, got 0, expected at least 1'],
    [
      change('batch: 32', 'batch: 32, pass: forwards'),
      's.yaml:4: workloads[0].pass: unknown value, got "forwards", expected one of forward, backward-data, backward-filter, ' +
        "training (did you mean 'forward'?)",
    ],
    [
      `${change('batch: 32', 'batch: 32, pass: training')}model: delta-2019\n`,
      's.yaml:4: workloads[0].pass: model delta-2019 does not cover this pass, got "training", expected forward',
    ],
    [change('titan-xp', '42'), 's.yaml:2: baseline: wrong kind of value, got 42, expected text'],
    ['name: t\n', "s.yaml: 'axes', 'baseline', 'workloads' are missing"],
    ['', 's.yaml: empty, got null, expected a mapping'],
  ])('refuses %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('offers the nearest GPU and network at the fields that name them, both at once', () => {
    const text = change('titan-xp', 'titan-xpp').replace('alexnet', 'alexnt');
    const { problems } = inputErrorOf(() => parseStudy(text, 's.yaml', '.'));
    expect(problems.map(({ file, line, path, nearest }) => [file, line, path, nearest])).toEqual([
      ['s.yaml', 2, ['baseline'], 'titan-xp'],
      ['s.yaml', 4, ['workloads', 0, 'network'], 'alexnet'],
    ]);
  });

  it('survives a file of a hundred thousand faults', () => {
    const text = change('[1, 2]', `[${'-1,'.repeat(99_999)}-1]`);
    const message = refusal(text);
    expect(message).toMatch(/^s\.yaml:6: axes\.sm_count\.scale\[0\]: .*; and 99976 more$/);
    expect(message.length).toBeLessThan(3000);
  });

  it('cuts names that are no names', () => {
    expect(refusal(`{"${'k'.repeat(100_000)}": 1}`).length).toBeLessThan(500);
  });
});

describe('files that a spec names', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'delta-sweep-spec-'));
    mkdirSync(join(folder, 'parts'));
    const gpu = findFile('gpus', 'titan-xp', '.').text;
    writeFileSync(join(folder, 'parts/mine.yaml'), gpu.replace('id: titan-xp', 'id: mine'));
    writeFileSync(join(folder, 'parts/bad.yaml'), gpu.replace('sm_count: 30', 'sm_count: thirty'));
    writeFileSync(
      join(folder, 'parts/net.json'),
      '{"name":"alexnet","layers":[{"name":"a","in_channels":3,"in_height":9,"in_width":9,"out_channels":4,"filter":3}]}',
    );
    writeFileSync(
      join(folder, 's.yaml'),
      SPEC.replace('titan-xp', 'parts/mine.yaml').replace('alexnet', 'parts/net.json'),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are found from the spec, not from the working directory', () => {
    const study = loadStudy(join(folder, 's.yaml'));
    expect(study.baseline.id).toBe('mine');
    expect(study.workloads[0]!.network.layers).toHaveLength(1);
  });

  const refusalOf = (from: string, to: string) => messageOf(() => parseStudy(change(from, to), 's.yaml', folder));

  it('and are missing are reported at the field that names them', () => {
    expect(refusalOf('titan-xp', 'none.yaml')).toBe(`s.yaml:2: baseline: ${join(folder, 'none.yaml')}: no such file`);
    expect(refusalOf('alexnet', './parts')).toBe(
      `s.yaml:4: workloads[0].network: ${join(folder, 'parts')}: a folder, expected a file`,
    );
  });

  it('and are wrong are reported with their own file and line', () => {
    expect(refusalOf('titan-xp', 'parts/bad.yaml')).toMatch(
      /parts\/bad\.yaml:4: sm_count: wrong kind of value, got "thirty", expected a whole number$/,
    );
  });

  it('may not take the name of another network', () => {
    const workloads = '  - { network: alexnet, batch: 32 }\n';
    expect(refusalOf(workloads, `${workloads}  - { network: parts/net.json, batch: 32 }\n`)).toBe(
      's.yaml:5: workloads[1].network: another network has this name, got "alexnet"',
    );
  });
});

describe('a built-in sweep', () => {
  it.each(builtinNames('sweeps'))('%s resolves, under its own name', (name) => {
    const study = loadStudy(name);
    expect(study.name).toBe(name);
    expect(acceptance(study).accepted).toBeGreaterThan(0);
  });

  it('balanced-scaling moves at least eight axes over at least 50,000 points', () => {
    const study = loadStudy('balanced-scaling');
    expect(sweptAxes(study).length).toBeGreaterThanOrEqual(8);
    expect(acceptance(study).accepted).toBeGreaterThanOrEqual(50_000);
  });

  it('scaling-options compares nine to sixteen options, the baseline among them', () => {
    const study = loadStudy('scaling-options');
    expect(comparesOptions(study)).toBe(true);
    expect(study.options!.length).toBeGreaterThanOrEqual(9);
    expect(study.options!.length).toBeLessThanOrEqual(16);
    expect(study.options).toContain('baseline');
  });

  it('overnight has at least ten million points of several networks', () => {
    const study = loadStudy('overnight');
    expect(acceptance(study).accepted).toBeGreaterThanOrEqual(10_000_000);
    expect(gridOf(study).size).toBeLessThan(2 ** 53);
    expect(new Set(study.workloads.map(({ network }) => network.name)).size).toBeGreaterThan(2);
  });

  it('is what the shelf says', () => {
    expect(builtinNames('sweeps')).toEqual(
      expect.arrayContaining(['balanced-scaling', 'overnight', 'scaling-options']),
    );
  });
});
