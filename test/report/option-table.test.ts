import { describe, expect, it } from '@jest/globals';
import { BOTTLENECKS } from '../../src/model/bottleneck.js';
import { renderOptions, showChanges } from '../../src/report/option-table.js';
import type { OptionRow } from '../../src/study/front-rows.js';
import type { OptionSpec } from '../../src/space/options.js';
import { studyOf } from '../space/studies.js';

const LONGEST = 'x'.repeat(28);
const OPTIONS: OptionSpec[] = [
  { name: 'baseline' },
  { name: 'some', scale: { sm_count: 2, macs_per_clk: 2, l2_gbps: 4 } },
  { name: 'half', scale: { l2_mib: 0.5 }, values: { cta_tile: '256x128x8' } },
  {
    name: LONGEST,
    scale: {
      ...{ sm_count: 2, clock_ghz: 1.1, macs_per_clk: 2, macs_per_instr: 2, issue_per_clk: 2, register_kib: 2 },
      ...{ smem_kib: 2, smem_gbps: 2, l1_kib: 2, l1_gbps: 2, l2_mib: 2, l2_gbps: 2, dram_gbps: 2, l1_ns: 0.123456 },
    },
  },
];
const study = studyOf({ options: OPTIONS, axes: {} });

const design = (option: string, changes: Record<string, unknown> = {}) =>
  ({
    ...{ id: study.options!.indexOf(option), option, time_ms: 123_456, area_mm2: 1234, speedup: 0.1234, balance: 1 },
    ...Object.fromEntries(BOTTLENECKS.map((name) => [`${name}_share`, 1 / BOTTLENECKS.length])),
    ...{ infeasible: null, imbalance: 0.5, balanced: false, robust: null, knee: false, on_front: false },
    ...changes,
  }) as OptionRow;

const render = (...designs: OptionRow[]) => renderOptions(study, study.objectives, designs);

describe('showChanges', () => {
  it.each([
    ['baseline', '-'],
    ['some', '2x SMs, MACs; 4x L2 BW'],
    ['half', '0.5x L2; tile 256x128x8'],
  ])('says what %s changes: %s', (option, text) => {
    expect(showChanges(study, study.options!.indexOf(option))).toBe(text);
  });
});

describe('renderOptions', () => {
  it('fits 100 columns with the longest name and all changes', () => {
    const marks = { on_front: true, balanced: true, knee: true };
    const lines = render(...study.options!.map((name) => design(name, marks))).split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.join('\n')).toContain(LONGEST);
  });

  it('marks the front, the balanced design and the knee', () => {
    const marks = { on_front: true, balanced: true, knee: true };
    const [, , first, second] = render(design('baseline', marks), design('some')).split('\n');
    expect(first).toMatch(/^f\*k +baseline /);
    expect(second).toMatch(/^ {4,5}some /);
  });

  it('has no figures for an option that fits no CTA, and says why', () => {
    const none = { time_ms: null, area_mm2: null, speedup: null, balance: null, imbalance: Number.NaN };
    const shares = Object.fromEntries(BOTTLENECKS.map((name) => [`${name}_share`, null]));
    const text = render(design('some', { ...none, ...shares, infeasible: 'no CTA fits' }));
    expect(text).toMatch(/ - +- +- +- +- +- +no CTA fits$/);
  });

  it('has no speedup where the baseline cannot run', () => {
    expect(render(design('some', { speedup: null }))).toMatch(/ 1,234 +- +- +100 +50 /);
  });

  it('shows other objectives too', () => {
    const objectives = [...study.objectives, { metric: 'dram_gb', goal: 'minimize' as const }];
    expect(renderOptions(study, objectives, [design('some', { dram_gb: 77.7 })])).toMatch(/dram_gb[^]* 77.7 /);
  });
});
