/** What a run would do, and roughly what it would cost; nothing is stored. */
import { availableParallelism } from 'node:os';
import { layerPasses } from '../model/layer.js';
import { columnsOf } from '../space/columns.js';
import { acceptance, gridOf, sweptAxes, unreadAxes, workloadNames, type Study } from '../space/study.js';
import { RangeEvaluator } from './evaluate-range.js';
import { DEFAULT_CHUNK_POINTS } from './run.js';

export interface Plan {
  name: string;
  model: string;
  baseline: string;
  /** Points that will be evaluated; undefined where counting what constraints keep would take too long. */
  points: number | undefined;
  /** Points of the unconstrained grid: ids run from 0 to grid - 1. */
  grid: number;
  rejected: number | undefined;
  /** Points that each constraint rejects by itself. */
  constraints: { expression: string; rejected: number | undefined }[];
  workloads: { network: string; batch: number; pass: string }[];
  axes: { id: string; values: (number | string)[] }[];
  /** Axes that the model reads nothing from. */
  unread_axes: string[];
  objectives: string[];
  chunks: number;
  chunk_points: number;
  workers: number;
  estimated_seconds: number;
  estimated_bytes: number;
}

/** SQLite and Arrow together, measured: bytes of a row, and of a number or a text in it. */
const ROW_BYTES = 12;
const NUMBER_BYTES = 9 + 8;
const TEXT_BYTES = 10 + 4;

/** Rows a second that the single writer stores, at the least, measured with 35 columns. */
const STORED_ROWS_PER_S = 90_000;

/** How long the speed of evaluation is sampled, and stretches of points: some to warm up, some that count. */
const SAMPLE_MS = 60;
const WARM_UP_POINTS = 32;
const COUNTED_POINTS = 128;

/** Layers that a point of each workload evaluates. */
function layersPerPoint({ workloads }: Study): number[] {
  return workloads.map(({ network, pass }) =>
    network.layers.reduce((sum, _, position) => sum + layerPasses(pass, position).length, 0),
  );
}

/** Layers that one thread evaluates a second, sampled on the workload with the fewest, from stretches spread over its points. */
function sampleLayerRate(study: Study, pointsPerWorkload: number): number {
  const layers = layersPerPoint(study);
  const workload = layers.indexOf(Math.min(...layers));
  const first = workload * pointsPerWorkload;
  const evaluator = new RangeEvaluator(study);
  const warmUp = Math.min(WARM_UP_POINTS, pointsPerWorkload);
  const counted = Math.min(COUNTED_POINTS, pointsPerWorkload);
  const golden = 0.618033988749895;
  const start = performance.now();
  let points = 0;
  let milliseconds = 0;
  for (let i = 0; i === 0 || performance.now() - start < SAMPLE_MS; i++) {
    const from = first + Math.floor(((i * golden) % 1) * (pointsPerWorkload - counted));
    evaluator.evaluate(from, from + warmUp);
    const counting = performance.now();
    evaluator.evaluate(from, from + counted);
    milliseconds += performance.now() - counting;
    points += counted;
  }
  return (points * layers[workload]!) / (milliseconds / 1000);
}

/** Seconds to evaluate the whole grid on so many threads. */
function evaluationSeconds(study: Study, workers: number): number {
  const pointsPerWorkload = gridOf(study).size / study.workloads.length;
  const layers = layersPerPoint(study).reduce((sum, n) => sum + n, 0) * pointsPerWorkload;
  return layers / (sampleLayerRate(study, pointsPerWorkload) * workers);
}

/** Bytes that a row of the study takes, in SQLite and Arrow together. */
export function rowBytes(study: Study): number {
  return columnsOf(study).reduce(
    (sum, column) => sum + (column.type === 'text' ? TEXT_BYTES : NUMBER_BYTES),
    ROW_BYTES,
  );
}

/** Plans a study for so many workers and so many points a chunk. */
export function planStudy(study: Study, workers = availableParallelism(), chunkPoints = DEFAULT_CHUNK_POINTS): Plan {
  const { size } = gridOf(study);
  const { accepted, rejectedBy } = acceptance(study);
  const points = accepted ?? size;
  return {
    name: study.name,
    model: study.model,
    baseline: study.baseline.id,
    points: accepted,
    grid: size,
    rejected: accepted === undefined ? undefined : size - accepted,
    constraints: study.constraints.map((expression, i) => ({ expression, rejected: rejectedBy[i] })),
    workloads: workloadNames(study),
    axes: sweptAxes(study),
    unread_axes: unreadAxes(study),
    objectives: study.objectives.map(({ metric }) => metric),
    chunks: Math.ceil(size / chunkPoints),
    chunk_points: chunkPoints,
    workers,
    estimated_seconds: Math.max(evaluationSeconds(study, workers), points / STORED_ROWS_PER_S),
    estimated_bytes: points * rowBytes(study),
  };
}
