/** Named design options: what a spec's list of them becomes. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setAxis, toGpu } from '../../src/model/gpu.js';
import { RESOURCES, type AxisId, type ResourceId } from '../../src/model/resources.js';
import { columnsOf } from '../../src/space/columns.js';
import { PointEvaluator, pointValues } from '../../src/space/evaluate-point.js';
import { digitsOf } from '../../src/space/grid.js';
import type { OptionSpec } from '../../src/space/options.js';
import { acceptance, comparesOptions, gridOf, gridShape, sweptAxes } from '../../src/space/study.js';
import { messageOf, studyOf, TITAN_XP } from './studies.js';

const OPTIONS: OptionSpec[] = [
  { name: 'baseline' },
  { name: 'sms-2x', scale: { sm_count: 2 } },
  { name: 'sms-2x-l2', scale: { sm_count: 2, l2_gbps: 1.5 }, values: { cta_tile: '256x128x8' } },
];
const study = studyOf({ options: OPTIONS, axes: { dram_gbps: { scale: [1, 2] } } });

describe('options', () => {
  it('are the first dimension: every axis that one of them changes, the baseline where an option says nothing', () => {
    expect(study.options).toEqual(['baseline', 'sms-2x', 'sms-2x-l2']);
    expect(study.dimensions[0]).toEqual([
      { id: 'sm_count', values: [30, 60, 60] },
      { id: 'l2_gbps', values: [1051, 1051, 1576.5] },
      { id: 'cta_tile', values: ['auto', 'auto', '256x128x8'] },
    ]);
    expect(gridShape(study)).toBe('1 workload x options 3 x dram_gbps 2');
    expect(sweptAxes(study).map(({ id }) => id)).toEqual(['sm_count', 'l2_gbps', 'dram_gbps', 'cta_tile']);
  });

  it('are one digit of the id, slower than the axes that cross them', () => {
    expect(gridOf(study).radices).toEqual([1, 3, 2]);
    expect(Object.fromEntries(pointValues(study, 5).axes)).toEqual({
      sm_count: 60,
      l2_gbps: 1576.5,
      dram_gbps: 2 * 449.114,
      cta_tile: '256x128x8',
    });
  });

  it('have a column with their names, before the axes', () => {
    const columns = columnsOf(study);
    expect(columns.slice(4, 7).map(({ name }) => name)).toEqual(['pass', 'option', 'sm_count']);
    expect(columns[5]).toMatchObject({
      type: 'text',
      dictionary: study.options,
      source: { from: 'digit', digit: 1, values: study.options },
    });
    expect(columnsOf(studyOf()).map(({ name }) => name)).not.toContain('option');
  });

  it('are what a study compares where nothing crosses them', () => {
    expect(comparesOptions(studyOf({ options: OPTIONS, axes: {} }))).toBe(true);
    expect(comparesOptions(study)).toBe(false);
    expect(comparesOptions(studyOf())).toBe(false);
  });

  it('are cut by constraints over resources', () => {
    expect(acceptance(studyOf({ options: OPTIONS, axes: {}, constraints: ['sm_count < 60'] })).accepted).toBe(1);
  });

  it('may change the same thing by other names, and things that others leave alone', () => {
    const options = [{ name: 'a', values: { dram_gbps: 900 } }, { name: 'b', values: { l2_mib: 6 } }, { name: 'c' }];
    expect(studyOf({ options, axes: {} }).dimensions).toEqual([
      [
        { id: 'l2_mib', values: [3, 6, 3] },
        { id: 'dram_gbps', values: [900, 449.114, 449.114] },
      ],
    ]);
  });

  it.each<[string, OptionSpec[], string]>([
    [
      'a name that is there twice',
      [{ name: 'a', scale: { sm_count: 2 } }, { name: 'a' }],
      'options[1].name: another option has this name, got "a"',
    ],
    ['options that change nothing', [{ name: 'a' }, { name: 'b' }], 'options: none of them changes anything'],
    [
      'half an SM',
      [{ name: 'a' }, { name: 'b', scale: { sm_count: 1.05 } }],
      'options[1].scale.sm_count: 1.05 x 30 is 31.5, got 1.05, expected a whole sm_count',
    ],
    [
      'a scale beyond all bounds',
      [{ name: 'a', scale: { dram_gbps: 1e8 } }, { name: 'b' }],
      'options[0].scale.dram_gbps: 100000000 x 449.114 is too large, got 100000000, expected at most 1000000000',
    ],
    [
      'a tile that is none',
      [{ name: 'a', values: { cta_tile: '100x100' } }, { name: 'b' }],
      'options[0].values.cta_tile: not a CTA tile, got "100x100", expected auto or MxNxK with M and N multiples of 32 up to ' +
        '512, K a multiple of 4 up to 64, at most 1024 threads',
    ],
    [
      'an axis that is both scaled and set',
      [{ name: 'a', scale: { l2_mib: 2 }, values: { l2_mib: 6 } }, { name: 'b' }],
      "options[0].values.l2_mib: axis 'l2_mib' is there twice, expected scale or values",
    ],
  ])('refuse %s', (_, options, message) => {
    expect(messageOf(() => studyOf({ options, axes: {} }))).toBe(message);
  });

  it('refuse an axis that crosses them or is linked, wherever an option names it', () => {
    const options: OptionSpec[] = [
      { name: 'a', scale: { sm_count: 2 } },
      { name: 'b', values: { sm_count: 90, l1_kib: 24 } },
    ];
    const linked = [{ l1_kib: { scale: [1, 2] } }];
    const twice = (at: string, id: string) => `${at}: axis '${id}' is in axes or linked too, expected it in one place`;
    expect(messageOf(() => studyOf({ options, linked }))).toBe(
      [
        twice('options[0].scale.sm_count', 'sm_count'),
        twice('options[1].values.sm_count', 'sm_count'),
        twice('options[1].values.l1_kib', 'l1_kib'),
      ].join('; '),
    );
  });

  const factor = fc.constantFrom(0.5, 1, 2, 3);
  const anyOptions = fc
    .array(fc.dictionary(fc.constantFrom(...RESOURCES.map(({ id }) => id)), factor, { maxKeys: 5 }), {
      minLength: 2,
      maxLength: 6,
    })
    .map((scales) => scales.map((scale, i): OptionSpec => ({ name: `o${i}`, scale })))
    .filter((options) => options.some(({ scale }) => Object.keys(scale!).length > 0));

  it('are the baseline with what they name changed, on the GPU that is evaluated', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const resolved = studyOf({ options, axes: {} });
        const evaluator = new PointEvaluator(resolved);
        options.forEach(({ scale }, id) => {
          const expected = toGpu(TITAN_XP);
          for (const [axis, times] of Object.entries(scale!))
            setAxis(expected, axis as AxisId, TITAN_XP[axis as ResourceId] * times);
          const digits: number[] = [];
          digitsOf(gridOf(resolved), id, digits);
          expect(evaluator.gpuAt(digits)).toEqual(expected);
        });
      }),
    );
  });
});
