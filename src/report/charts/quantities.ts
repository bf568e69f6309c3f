/** Names, units and numbers of metrics in charts and pages. */
import { METRICS, shareName } from '../../model/metrics.js';
import { BOTTLENECKS } from '../../model/bottleneck.js';
import { showFigure, withUnit } from './figure.js';

/** Names of metrics; the others are named by their column. */
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

/** Metrics that are shares, shown in percent. */
const PARTS = new Set(['balance', ...BOTTLENECKS.map(shareName)]);

export const metricName = (metric: string): string => NAMES[metric] ?? metric;

/** The unit of a metric; a times sign for a ratio. */
export function metricUnit(metric: string): string {
  if (PARTS.has(metric)) return '%';
  if (metric === 'speedup') return '×';
  const unit = METRICS.find(({ name }) => name === metric)?.unit ?? '';
  return unit === '1' || unit === '-' ? '' : unit === 'mm2' ? 'mm²' : unit;
}

/** `time, ms` */
export function metricHeading(metric: string): string {
  const unit = metricUnit(metric);
  return unit === '' || unit === '×' ? metricName(metric) : `${metricName(metric)}, ${unit}`;
}

/** A metric's value without its unit. */
export const metricFigure = (metric: string, value: number): string => showFigure(value, metricUnit(metric));

/** `214.2 ms`, `2.673×`, `74%` */
export const showQuantity = (metric: string, value: number): string => withUnit(value, metricUnit(metric));
