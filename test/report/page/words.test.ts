import { describe, expect, it } from '@jest/globals';
import type { AxisSensitivity } from '../../../src/analysis/sensitivity/axis-sensitivity.js';
import type { WorkloadSensitivity } from '../../../src/analysis/sensitivity/sensitivity.js';
import { describeChanges, type PanelContext } from '../../../src/report/page/panel.js';
import { describeSpeedup, whyEmpty } from '../../../src/report/page/words.js';

const axisOf = (id: 'sm_count' | 'l2_gbps', isBaseline: boolean) =>
  ({
    axes: [id],
    levels: [
      { value: { [id]: 1 }, effect: 1 },
      { value: { [id]: 2 }, effect: 0.5 },
    ],
    reference: { [id]: 1 },
    reference_is_baseline: isBaseline,
  }) as unknown as AxisSensitivity;

describe('the introduction of the speedup chart', () => {
  const [with1, without] = [axisOf('sm_count', true), axisOf('l2_gbps', false)];

  it.each([
    [[with1], "relative to the open dot: the baseline's. Elasticity"],
    [[without], "relative to the open dot: the first value's, as no design has the baseline's. Elasticity"],
    [[with1, without], "open dot: the baseline's; of L2 BW: the first value's, as no design has the baseline's."],
  ])('names the reference of each axis: %#', (axes, words) => {
    expect(describeSpeedup({ axes, points: 1 } as unknown as WorkloadSensitivity)).toContain(words);
  });
});

describe('a workload without a design to show', () => {
  const none = { stored: 0, grid: 9, isFinished: true, infeasible: [] };
  const infeasible = [{ reason: 'no CTA fits', points: 4 }];

  it.each([
    ['all', { ...none, isFinished: false }, 'No design is stored yet'],
    ['all', { ...none, isFinished: false, stored: 4, infeasible }, 'No design that can run it is stored yet'],
    ['all', none, 'No design of this study meets its constraints'],
    ['all', { ...none, stored: 4, infeasible }, 'No design of this study can run it within the constraints'],
    ['all', { ...none, stored: 4, grid: 4, infeasible }, 'No design of this study can run it'],
    ['front', none, 'No design of this study is on a front'],
  ] as const)('of a study that stores %s, %j, says %s', (store, report, headline) => {
    expect(whyEmpty({ store }, { ...report, infeasible: [...report.infeasible] }).headline).toBe(headline);
  });
});

describe('the changes of a design', () => {
  const context = {
    axes: [
      { label: 'SMs', unit: '1', base: 30 },
      { label: 'tile', unit: '-', base: 'auto' },
      { label: 'L2', unit: 'MiB', base: 3 },
    ],
  } as PanelContext;

  it.each([
    [[60, '64x64x8', 9], 'SMs 2× · L2 3× the baseline · tile 64x64x8'],
    [[30, '64x64x8', 3], 'tile 64x64x8'],
    [[30, 'auto', 3], 'same as the baseline'],
  ])('%j are described as %s', (axes, words) => {
    expect(describeChanges(context, { id: 1, names: [], onFront: true, axes, metrics: [], shares: [] })).toBe(words);
  });
});
