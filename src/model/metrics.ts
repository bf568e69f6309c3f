/** Every metric of a design, declared once: SQL and Arrow columns, JSON, table headings and objectives derive from it. */
import { BOTTLENECKS, largestOf, type Bottleneck } from './bottleneck.js';
import { balanceOf, totalArea, type Areas } from './cost.js';
import { utilizationOf, type WorkloadResult } from './workload-result.js';
import { GIGA, MILLI, TERA } from './units.js';

/** A feasible point of a study. */
export interface PointResult {
  workload: WorkloadResult;
  /** Seconds of the unscaled GPU on the same workload. */
  baselineSeconds: number;
  areas: Areas;
  /** Joules of one run. */
  energy: number;
}

/** What of a workload, on any design, some metrics are made of. */
export interface WorkloadFacts {
  images: number;
  flops: number;
  /** Time of the unscaled GPU; NaN where it cannot run the workload. */
  baselineMs: number;
}

/** A figure of the workload, divided by constants one after the other. */
export interface FactPerTime {
  fact: keyof WorkloadFacts;
  dividedBy: readonly number[];
}

/** What a metric has above `time_ms`: a figure of the workload, or another metric times a constant. */
export type PerTime = FactPerTime | { metric: string; times: number };

/** The numerator of a metric over `time_ms`, for one workload. */
export function numeratorOf({ fact, dividedBy }: FactPerTime, facts: WorkloadFacts): number {
  return dividedBy.reduce((value, divisor) => value / divisor, facts[fact]);
}

interface MetricBase {
  name: string;
  meaning: string;
  unit: string;
}

export interface NumericMetric extends MetricBase {
  type: 'real';
  /** Which way is better: what an objective on it would ask for. */
  better: 'low' | 'high';
  of: (point: PointResult) => number;
  /** Where the metric is something over `time_ms`, what: stores derive it instead of holding it. */
  perTimeMs?: PerTime;
  /** What it measures, where that tells how it adds up over workloads and how sure it is (docs/model.md, 14). */
  quantity?: 'time' | 'area' | 'traffic' | 'energy';
}

export interface TextMetric extends MetricBase {
  type: 'text';
  values: readonly string[];
  of: (point: PointResult) => string;
  /** The metric that each value stands for: the text names the largest of them, the first of equals. */
  largestOf: readonly string[];
}

export type Metric = NumericMetric | TextMetric;

/** The metric that is a bottleneck's share of the time. */
export const shareName = (name: Bottleneck) => `${name}_share`;

function share(name: Bottleneck): NumericMetric {
  return {
    name: shareName(name),
    meaning: `part of the time spent in layers bound by ${name}`,
    unit: '1',
    type: 'real',
    better: 'low',
    of: ({ workload }) => workload.secondsByBottleneck[name] / workload.seconds,
  };
}

function traffic(level: 'l1' | 'l2' | 'dram', bytesOf: (workload: WorkloadResult) => number): NumericMetric {
  return {
    name: `${level}_gb`,
    meaning: `bytes ${level === 'dram' ? 'read and written at DRAM' : `read at ${level.toUpperCase()}`}, one run of the workload`,
    unit: 'GB',
    type: 'real',
    better: 'low',
    of: ({ workload }) => bytesOf(workload) / GIGA,
    quantity: 'traffic',
  };
}

export const METRICS: readonly Metric[] = [
  {
    name: 'time_ms',
    meaning: 'time of one run of the workload',
    unit: 'ms',
    type: 'real',
    better: 'low',
    of: ({ workload }) => workload.seconds / MILLI,
    quantity: 'time',
  },
  {
    name: 'images_per_s',
    meaning: 'images per second',
    unit: '1/s',
    type: 'real',
    better: 'high',
    of: ({ workload }) => workload.images / workload.seconds,
    perTimeMs: { fact: 'images', dividedBy: [MILLI] },
    quantity: 'time',
  },
  {
    name: 'speedup',
    meaning: 'speed over the baseline GPU on the same workload',
    unit: '1',
    type: 'real',
    better: 'high',
    of: ({ workload, baselineSeconds }) => baselineSeconds / workload.seconds,
    perTimeMs: { fact: 'baselineMs', dividedBy: [] },
    quantity: 'time',
  },
  {
    name: 'tflops',
    meaning: 'useful floating-point operations per second',
    unit: 'TFLOP/s',
    type: 'real',
    better: 'high',
    of: ({ workload }) => workload.flops / workload.seconds / TERA,
    perTimeMs: { fact: 'flops', dividedBy: [TERA, MILLI] },
    quantity: 'time',
  },
  {
    name: 'bottleneck',
    meaning: 'what binds the layers that take most of the time',
    unit: '-',
    type: 'text',
    values: BOTTLENECKS,
    of: ({ workload }) => largestOf(workload.secondsByBottleneck),
    largestOf: BOTTLENECKS.map(shareName),
  },
  ...BOTTLENECKS.map(share),
  {
    name: 'balance',
    meaning: 'share of the silicon that is at work',
    unit: '1',
    type: 'real',
    better: 'high',
    of: ({ workload, areas }) => balanceOf(areas, utilizationOf(workload)),
  },
  traffic('l1', (workload) => workload.l1Bytes),
  traffic('l2', (workload) => workload.l2Bytes),
  traffic('dram', (workload) => workload.dramBytes),
  {
    name: 'area_mm2',
    meaning: 'silicon area of the die',
    unit: 'mm2',
    type: 'real',
    better: 'low',
    of: ({ areas }) => totalArea(areas),
    quantity: 'area',
  },
  {
    name: 'energy_j',
    meaning: 'energy of one run of the workload',
    unit: 'J',
    type: 'real',
    better: 'low',
    of: ({ energy }) => energy,
    quantity: 'energy',
  },
  {
    name: 'power_w',
    meaning: 'mean power over the run',
    unit: 'W',
    type: 'real',
    better: 'low',
    of: ({ energy, workload }) => energy / workload.seconds,
    perTimeMs: { metric: 'energy_j', times: 1 / MILLI },
  },
];

export const NUMERIC_METRICS = METRICS.filter((metric): metric is NumericMetric => metric.type === 'real');
