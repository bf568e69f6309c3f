/** Names, units and numbers of metrics in charts and pages. */
import { METRICS, shareName } from '../../model/metrics.js';
import { BOTTLENECKS } from '../../model/bottleneck.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { showFigure, withUnit } from './figure.js';

/** Metrics that are shares, shown in percent. */
const PARTS = new Set(['balance', ...BOTTLENECKS.map(shareName)]);

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
