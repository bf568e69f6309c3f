/** Every metric of a design, declared once: SQL and Arrow columns, JSON, table headings and objectives derive from it. */
import { BOTTLENECKS, largestOf, type Bottleneck } from './bottleneck.js';
import { balanceOf, totalArea, type Areas } from './cost.js';
import { utilizationOf, type WorkloadResult } from './workload-result.js';
import { evaluateFormula, parseFormula, type Formula } from './formula.js';
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

/** Figures of a workload on any design that formulas may name: its images, its operations, the time of the unscaled GPU (NaN: it cannot run it). */
export const WORKLOAD_FACTS = ['images', 'flops', 'baselineMs'] as const;
type WorkloadFact = (typeof WORKLOAD_FACTS)[number];
export type WorkloadFacts = Record<WorkloadFact, number>;

export const isWorkloadFact = (name: unknown): name is WorkloadFact =>
  (WORKLOAD_FACTS as readonly unknown[]).includes(name);

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
  /** Of a derived metric, over evaluated ones and `WORKLOAD_FACTS`: stores derive it instead of holding it. */
  formula?: Formula;
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

/** A figure of a point by the name that formulas have for it. */
function figureOf(name: string, point: PointResult): number {
  const { workload, baselineSeconds } = point;
  const facts: WorkloadFacts = {
    images: workload.images,
    flops: workload.flops,
    baselineMs: baselineSeconds / MILLI,
  };
  return isWorkloadFact(name) ? facts[name] : metricNamed(name)!.of(point);
}

function derived({
  formula: text,
  ...metric
}: Omit<NumericMetric, 'type' | 'of' | 'formula'> & { formula: string }): NumericMetric {
  const formula = parseFormula(text);
  const of = (point: PointResult) => evaluateFormula(formula, (name) => figureOf(name, point));
  return { ...metric, type: 'real', formula, of };
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
  derived({
    name: 'images_per_s',
    meaning: 'images per second',
    unit: '1/s',
    better: 'high',
    formula: `images / ${MILLI} / time_ms`,
    quantity: 'time',
  }),
  derived({
    name: 'speedup',
    meaning: 'speed over the baseline GPU on the same workload',
    unit: '1',
    better: 'high',
    formula: 'baselineMs / time_ms',
    quantity: 'time',
  }),
  derived({
    name: 'tflops',
    meaning: 'useful floating-point operations per second',
    unit: 'TFLOP/s',
    better: 'high',
    formula: `flops / ${TERA} / ${MILLI} / time_ms`,
    quantity: 'time',
  }),
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
  derived({
    name: 'power_w',
    meaning: 'mean power over the run',
    unit: 'W',
    better: 'low',
    formula: `energy_j * ${1 / MILLI} / time_ms`,
  }),
];

export const NUMERIC_METRICS = METRICS.filter((metric): metric is NumericMetric => metric.type === 'real');

/** The numeric metric of a name; undefined if there is none. */
export function metricNamed(name: string): NumericMetric | undefined {
  return NUMERIC_METRICS.find((metric) => metric.name === name);
}

/** What a metric is over `time_ms` where that depends on the workload alone, such as its images; undefined for other metrics. */
export function constantOverTime(name: string): ((facts: WorkloadFacts) => number) | undefined {
  const formula = metricNamed(name)?.formula;
  const last = formula?.at(-1);
  if (!formula || last?.operator !== '/' || last.operand !== 'time_ms') return undefined;
  const above = formula.slice(0, -1);
  if (!above.every(({ operand }) => typeof operand === 'number' || isWorkloadFact(operand))) return undefined;
  return (facts) => evaluateFormula(above, (fact) => facts[fact as WorkloadFact]);
}
