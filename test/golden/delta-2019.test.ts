import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { evaluateLayers, evaluateWorkload } from '../../src/model/evaluate.js';
import { toGpu } from '../../src/model/gpu.js';
import { PACKAGE_ROOT } from '../helpers/command.js';

interface Golden {
  gpu: string;
  network: string;
  batch: number;
  time_ms: number;
  l1_bytes: number;
  l2_bytes: number;
  dram_bytes: number;
  bottlenecks: string;
}

const { rows } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'test/golden/delta-2019.json'), 'utf8')) as {
  rows: Golden[];
};

describe('delta-2019 gives what it gave', () => {
  it.each(rows.map((row) => [row.network, row.gpu, row] as const))('for %s on %s', (_network, _gpu, golden) => {
    const gpu = toGpu(loadGpu(golden.gpu));
    const workload = { network: loadNetwork(golden.network), batch: golden.batch, pass: 'forward' } as const;
    const result = evaluateWorkload(gpu, workload, 'delta-2019');
    const layers = evaluateLayers(gpu, workload, 'delta-2019');
    if ('infeasible' in result || 'infeasible' in layers) throw new Error('infeasible');
    expect(result.seconds * 1000).toBeCloseTo(golden.time_ms, 9);
    expect(result.l1Bytes / golden.l1_bytes).toBeCloseTo(1, 12);
    expect(result.l2Bytes / golden.l2_bytes).toBeCloseTo(1, 12);
    expect(result.dramBytes / golden.dram_bytes).toBeCloseTo(1, 12);
    const bottlenecks = [...new Set(layers.map(({ bottleneck }) => bottleneck))].sort().join(' ');
    expect(bottlenecks).toBe(golden.bottlenecks);
  });
});
