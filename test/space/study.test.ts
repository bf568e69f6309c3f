import { describe, expect, it } from '@jest/globals';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { gridOf, gridShape, sweptAxes, toObjectives, workloadOf } from '../../src/space/study.js';
import { unreadAxes } from '../../src/space/unread-axes.js';
import { messageOf, studyOf, TINY_SPEC, tinyNetwork, TITAN_XP } from './studies.js';

const TWO = [
  { network: 'a', batch: 4 },
  { network: 'b', batch: 8 },
];

describe('resolveStudy', () => {
  it('fills in what a spec leaves out', () => {
    const study = studyOf();
    expect(study.model).toBe('delta');
    expect(study.workloads.map(({ pass }) => pass)).toEqual(['forward']);
    expect(study.objectives).toEqual([
      { metric: 'time_ms', goal: 'minimize' },
      { metric: 'area_mm2', goal: 'minimize' },
    ]);
    expect(study.constraints).toEqual([]);
  });

  it('is plain data', () => {
    const study = studyOf({ constraints: ['sm_count > 1'] });
    expect(JSON.parse(JSON.stringify(study))).toEqual(study);
  });

  it.each([
    [
      'a pass that the model does not cover',
      {
        model: 'delta-2019' as const,
        workloads: [
          { network: 'a', batch: 4 },
          { network: 'a', batch: 4, pass: 'training' as const },
        ],
      },
      'workloads[1].pass: model delta-2019 does not cover this pass, got "training", expected forward',
    ],
    [
      'a metric both minimized and maximized',
      { objectives: { minimize: ['time_ms', 'area_mm2'], maximize: ['time_ms'] } },
      "objectives: 'time_ms' is both minimized and maximized",
    ],
    ['no objectives', { objectives: {} }, 'objectives: empty, expected at least one metric'],
    ['objectives of no metrics', { objectives: { minimize: [] } }, 'objectives: empty, expected at least one metric'],
  ])('refuses %s', (_, spec, message) => {
    expect(messageOf(() => studyOf(spec))).toBe(message);
  });

  it('refuses a process without a density', () => {
    expect(messageOf(() => studyOf({}, { baseline: { ...TITAN_XP, process_nm: 45 } }))).toBe(
      'baseline: no density for the process of titan-xp among the cost constants, got "45 nm", expected one of 4, 7, 12, 16, 28 nm',
    );
  });

  it('refuses two networks of one name, which rows could not tell apart', () => {
    const other = { ...tinyNetwork('a'), layers: tinyNetwork().layers.map((layer) => ({ ...layer, count: 9 })) };
    const workloads = [
      { network: 'a', batch: 4 },
      { network: './a.yaml', batch: 4 },
    ];
    const networks = [tinyNetwork('a'), other];
    expect(messageOf(() => studyOf({ workloads }, { networks }))).toBe(
      'workloads[1].network: another network has this name, got "a"',
    );
    expect(studyOf({ workloads }, { networks: [networks[0]!, tinyNetwork('a')] }).workloads).toHaveLength(2);
  });

  it('tells independent problems at once', () => {
    const message = messageOf(() =>
      studyOf(
        {
          axes: { sm_count: { scale: [1.05] } },
          objectives: {},
          model: 'delta-2019',
          workloads: [{ network: 'a', batch: 1, pass: 'training' }],
        },
        { baseline: { ...TITAN_XP, process_nm: 45 }, costs: loadCosts() },
      ),
    );
    for (const part of ['axes.sm_count.scale[0]', 'objectives: empty', 'workloads[0].pass', 'baseline: no'])
      expect(message).toContain(part);
  });

  it('takes a study without axes as the baseline alone', () => {
    expect(gridOf(studyOf({ axes: {} })).size).toBe(1);
  });
});

describe('a study', () => {
  const study = studyOf({
    model: 'delta-2019',
    workloads: TWO,
    axes: { dram_gbps: { scale: [1, 2, 3] }, sm_count: { scale: [1, 2] } },
    linked: [{ l2_mib: { scale: [1, 2] }, clock_ghz: { scale: [1, 2] } }],
  });

  it('keeps axes in the order of its spec in ids, and in the order of columns elsewhere', () => {
    expect(study.dimensions.map((d) => d.map(({ id }) => id))).toEqual([
      ['dram_gbps'],
      ['sm_count'],
      ['l2_mib', 'clock_ghz'],
    ]);
    expect(sweptAxes(study).map(({ id }) => id)).toEqual(['sm_count', 'clock_ghz', 'l2_mib', 'dram_gbps']);
  });

  it('writes its shape', () => {
    expect(gridShape(study)).toBe('2 workloads x dram_gbps 3 x sm_count 2 x l2_mib+clock_ghz 2');
    expect(gridShape(studyOf())).toBe('1 workload x sm_count 2');
  });

  it('has its workloads one after the other', () => {
    expect([0, 11, 12, 23].map((id) => workloadOf(study, id))).toEqual([0, 0, 1, 1]);
  });

  it('knows the axes that its model reads nothing from', () => {
    expect(unreadAxes(study)).toEqual(['l2_mib']);
  });
});

it('keeps objectives in the order given, minimized ones first', () => {
  expect(toObjectives({ maximize: ['speedup'], minimize: ['time_ms'] })).toEqual([
    { metric: 'time_ms', goal: 'minimize' },
    { metric: 'speedup', goal: 'maximize' },
  ]);
});

it('does not change the spec', () => {
  const before = structuredClone(TINY_SPEC);
  studyOf();
  expect(TINY_SPEC).toEqual(before);
});
