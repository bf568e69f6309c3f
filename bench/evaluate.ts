/** Layers evaluated a second by one thread, on designs that move rates alone and designs that move caches too. */
import { loadGpu } from '../src/space/files/gpu-file.js';
import { loadNetwork } from '../src/space/files/network-file.js';
import { evaluateWorkload } from '../src/model/evaluate.js';
import { toGpu } from '../src/model/gpu.js';
import { KIB, MIB } from '../src/model/units.js';
import { measure, type Timing } from './measure.js';

const RUNS = 5;

function sweep(name: string, model: string, designs: number, l2Sizes: number): Timing {
  const network = loadNetwork('resnet152');
  const base = toGpu(loadGpu('titan-xp'));
  return measure(name, 'layer-designs', RUNS, () => {
    for (let i = 0; i < designs; i++)
      evaluateWorkload(
        {
          ...base,
          dramBytesPerS: base.dramBytesPerS * (1 + i / designs),
          l1Bytes: (32 + 16 * (i % Math.min(4, l2Sizes))) * KIB,
          l2Bytes: (1 + (i % l2Sizes)) * MIB,
        },
        { network, batch: 256, pass: 'forward' },
        model,
      );
    return designs * network.layers.length;
  });
}

export const evaluateBench = (): Timing[] => [
  sweep('delta-2019, ResNet-152', 'delta-2019', 5000, 1),
  sweep('delta, ResNet-152, rates move', 'delta', 5000, 1),
  sweep('delta, ResNet-152, caches move', 'delta', 5000, 1000),
];
