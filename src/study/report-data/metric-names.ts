/** Metrics as people name them. */
import { BOTTLENECKS } from '../../model/bottleneck.js';
import { shareName } from '../../model/metrics.js';

/** Names that people would use; the others are called as their column is. */
const NAMES: Record<string, string> = {
  time_ms: 'time',
  images_per_s: 'images per second',
  tflops: 'arithmetic',
  balance: 'silicon at work',
  l1_gb: 'L1 traffic',
  l2_gb: 'L2 traffic',
  dram_gb: 'DRAM traffic',
  area_mm2: 'area',
  energy_j: 'energy',
  power_w: 'power',
  ...Object.fromEntries(BOTTLENECKS.map((name) => [shareName(name), `bound by ${name}`])),
};

export const metricName = (metric: string): string => NAMES[metric] ?? metric;
