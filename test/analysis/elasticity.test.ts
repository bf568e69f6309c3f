import { describe, expect, it } from '@jest/globals';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { blockElasticities } from '../../src/analysis/balance.js';
import { areaFactors, areasOf, type AreaBlock } from '../../src/model/cost.js';
import { evaluateWorkload } from '../../src/model/evaluate.js';
import { toGpu, withAxes, type Gpu } from '../../src/model/gpu.js';

const network = loadNetwork('alexnet');
const costs = loadCosts();

/** The rates of each block of silicon. */
const RATES: Record<AreaBlock, (keyof Gpu)[]> = {
  compute: ['macsPerClk', 'issuePerClk'],
  sram: ['smemBytesPerS', 'l1BytesPerS'],
  l2: ['l2BytesPerS'],
  dram: ['dramBytesPerS'],
};

function evaluate(gpu: Gpu, model: string) {
  const result = evaluateWorkload(gpu, { network, batch: 32, pass: 'forward' }, model);
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

/** -d ln T/d ln rate, all rates of a block growing by a hundred-thousandth. */
function numericElasticity(gpu: Gpu, block: AreaBlock, model: string): number {
  const step = 1e-5;
  const faster = { ...gpu };
  for (const rate of RATES[block])
    (faster as unknown as Record<string, number>)[rate] = (gpu[rate] as number) * (1 + step);
  return -Math.log(evaluate(faster, model).seconds / evaluate(gpu, model).seconds) / Math.log1p(step);
}

describe('the elasticity of a block (docs/model.md, 5.4)', () => {
  const designs: [string, Parameters<typeof withAxes>[1]][] = [
    ['bound by issue and compute', {}],
    ['bound by DRAM', { dram_gbps: 40 }],
    ['bound by L2', { l2_gbps: 60 }],
    ['bound by L1', { l1_gbps: 8 }],
    ['bound by shared memory', { smem_gbps: 20 }],
    ['bound by latency, wide tiles', { cta_tile: '256x128x8' }],
    ['bound by latency, slow memory', { dram_ns: 20000, l2_ns: 2000 }],
  ];
  it.each(
    (['delta', 'delta-2019'] as const).flatMap((model) => designs.map(([what, set]) => [model, what, set] as const)),
  )('is the derivative of the time, %s, %s', (model, _what, set) => {
    const gpu = withAxes(toGpu(loadGpu('titan-xp')), set);
    const point = {
      workload: evaluate(gpu, model),
      baselineSeconds: 1,
      areas: areasOf(gpu, areaFactors(gpu, costs)),
      energy: 1,
    };
    const elasticities = blockElasticities(point);
    for (const block of Object.keys(RATES) as AreaBlock[])
      expect(elasticities[block]).toBeCloseTo(numericElasticity(gpu, block, model), 3);
  });
});
