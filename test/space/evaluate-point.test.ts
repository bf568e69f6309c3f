import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaFactors, areasOf, totalArea } from '../../src/model/cost.js';
import { energyAmounts, energyFactors, energyFrom } from '../../src/model/energy.js';
import { evaluateWorkload } from '../../src/model/evaluate.js';
import { toGpu } from '../../src/model/gpu.js';
import { parseTile } from '../../src/model/tile.js';
import { PointEvaluator, pointValues } from '../../src/space/evaluate-point.js';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf } from '../../src/space/study.js';
import { studyOf, TITAN_XP } from './studies.js';

const study = studyOf({
  workloads: [
    { network: 'a', batch: 4 },
    { network: 'b', batch: 64 },
  ],
  axes: {
    sm_count: { scale: [1, 2] },
    smem_kib: { values: [4, 48, 96] },
    dram_gbps: { values: [100, 900] },
    l1_ns: { values: [0, 50] },
    cta_tile: { values: ['auto', '256x128x8', '64x64x4'] },
  },
  linked: [{ l2_mib: { values: [3, 6] }, l2_gbps: { values: [1000, 2000] } }],
});
const ids = fc.nat({ max: gridOf(study).size - 1 });

describe('PointEvaluator', () => {
  it('agrees with the model on a GPU set by hand', () => {
    const evaluator = new PointEvaluator(study);
    fc.assert(
      fc.property(ids, (id) => {
        const { workload, axes } = pointValues(study, id);
        const number = (axis: Parameters<typeof axes.get>[0]) => axes.get(axis) as number;
        const gpu = {
          ...toGpu(TITAN_XP),
          smCount: number('sm_count'),
          smemBytes: number('smem_kib') * 1024,
          dramBytesPerS: number('dram_gbps') * 1e9,
          l1LatencyS: number('l1_ns') * 1e-9,
          l2Bytes: number('l2_mib') * 1024 * 1024,
          l2BytesPerS: number('l2_gbps') * 1e9,
          ctaTile: parseTile(axes.get('cta_tile') as string),
        };
        const expected = evaluateWorkload(gpu, study.workloads[workload]!);
        const got = evaluator.evaluateId(id);
        if ('infeasible' in expected) expect(got).toEqual(expected);
        else {
          const baseline = evaluateWorkload(toGpu(TITAN_XP), study.workloads[workload]!);
          const areas = areasOf(gpu, areaFactors(gpu, study.costs));
          const amounts = energyAmounts(gpu, expected.activity, totalArea(areas), expected.seconds);
          expect(got).toEqual({
            workload: expected,
            baselineSeconds: 'seconds' in baseline ? baseline.seconds : undefined,
            areas,
            energy: energyFrom(energyFactors(gpu, study.costs), amounts),
          });
        }
      }),
    );
  });

  it('meets designs of both kinds', () => {
    const evaluator = new PointEvaluator(study);
    const kinds = Array.from({ length: gridOf(study).size }, (_, id) => 'infeasible' in evaluator.evaluateId(id));
    expect(new Set(kinds)).toEqual(new Set([true, false]));
  });

  it('gives a point the same figures whatever came before it', () => {
    const evaluator = new PointEvaluator(study);
    fc.assert(
      fc.property(ids, ids, (before, id) => {
        evaluator.evaluateId(before);
        expect(evaluator.evaluateId(id)).toEqual(new PointEvaluator(study).evaluateId(id));
      }),
    );
  });

  it('takes digits for an id', () => {
    const evaluator = new PointEvaluator(study);
    fc.assert(
      fc.property(ids, (id) => {
        const digits: number[] = [];
        digitsOf(gridOf(study), id, digits);
        expect(evaluator.evaluate(digits)).toEqual(evaluator.evaluateId(id));
      }),
    );
  });
});

it('gives baseline points a time that equals the baseline', () => {
  const evaluator = new PointEvaluator(studyOf());
  const result = evaluator.evaluateId(0);
  if ('infeasible' in result) throw new Error(result.infeasible);
  expect(result.workload.seconds).toBe(result.baselineSeconds);
});

describe('pointValues', () => {
  it('names the workload and every axis of a point', () => {
    const first = pointValues(study, 0);
    expect(first.workload).toBe(0);
    expect(Object.fromEntries(first.axes)).toEqual({
      sm_count: 30,
      smem_kib: 4,
      dram_gbps: 100,
      l1_ns: 0,
      cta_tile: 'auto',
      l2_mib: 3,
      l2_gbps: 1000,
    });
    const last = pointValues(study, gridOf(study).size - 1);
    expect(last.workload).toBe(1);
    expect(Object.fromEntries(last.axes)).toEqual({
      sm_count: 60,
      smem_kib: 96,
      dram_gbps: 900,
      l1_ns: 50,
      cta_tile: '64x64x4',
      l2_mib: 6,
      l2_gbps: 2000,
    });
  });

  it('moves linked axes together', () => {
    const second = pointValues(study, 1).axes;
    expect([second.get('l2_mib'), second.get('l2_gbps'), second.get('cta_tile')]).toEqual([6, 2000, 'auto']);
  });
});
