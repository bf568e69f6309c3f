/** What a run would do, and roughly what it would cost; nothing is stored. */
import { availableParallelism } from 'node:os';
import { columnsOf, evaluatedColumns, storedColumns } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { acceptance, gridOf, sweptAxes, workloadNames, type Study } from '../space/study.js';
import { unreadAxes } from '../space/unread-axes.js';
import { chunkCount, chunkPointsOf } from './chunks.js';
import { evaluatorOf, RangeEvaluator } from './evaluate-range.js';
import { mergedPasses } from '../model/passes.js';
import { stagesOf } from '../space/stages.js';

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
  /** Names of the design options, where the study has some. */
  options?: readonly string[];
  /** Axes of options have a value an option. */
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

/** Measured: bytes of a row in SQLite, of a stored number there, and of any cell in Arrow. */
const SQLITE_ROW_BYTES = 12;
const SQLITE_CELL_BYTES = 7;
const ARROW_CELL_BYTES = 8;

/** Rows a second that the single writer stores, at the least. */
const STORED_ROWS_PER_S = 250_000;

/** How long the speed of evaluation is sampled, at the most; points of a sample, and layers of its network. */
const SAMPLE_MS = 250;
/** Of the samples, those that count. */
const LATE_SHARE = 0.5;
const SAMPLE_POINTS = 256;
const SAMPLE_LAYERS = 8;
const REASONS_SAMPLED = 4;

/** Layers that a point of each workload evaluates. */
function layersPerPoint({ workloads }: Study): number[] {
  return workloads.map((workload) => mergedPasses(workload).length);
}

/** Seconds that one thread takes for a layer of a context, and for a layer of a point. */
interface Speed {
  contextLayer: number;
  pointLayer: number;
}

/** The study with a few layers of its workload with the fewest: what is sampled. */
function sampleOf(study: Study): Study {
  const counts = layersPerPoint(study);
  const workload = study.workloads[counts.indexOf(Math.min(...counts))]!;
  const { layers } = workload.network;
  const step = Math.ceil(layers.length / SAMPLE_LAYERS);
  const network = { ...workload.network, layers: layers.filter((_, i) => i % step === 0) };
  return { ...study, workloads: [{ ...workload, network }] };
}

/** Samples the speed of one thread, from ranges spread over the points of a workload. */
function sampleSpeed(study: Study, pointsPerWorkload: number): Speed {
  const sample = sampleOf(study);
  const evaluator = evaluatorOf(sample, evaluatedColumns(columnsOf(sample)));
  const ranges = new RangeEvaluator(sample, evaluator);
  const points = Math.min(SAMPLE_POINTS, pointsPerWorkload);
  const time = (i: number) => {
    const golden = 0.618033988749895;
    const from = Math.floor(((i * golden) % 1) * (pointsPerWorkload - points));
    const start = performance.now();
    ranges.evaluate(from, from + points);
    return (performance.now() - start) / 1000;
  };
  time(0); // prepares the layers
  const samples: { cold: number; warm: number; contexts: number }[] = [];
  const start = performance.now();
  while (samples.length === 0 || performance.now() - start < SAMPLE_MS) {
    const madeBefore = evaluator.contextsMade;
    const cold = time(samples.length + 1);
    samples.push({ cold, warm: time(samples.length + 1), contexts: evaluator.contextsMade - madeBefore });
  }
  // The last ones: V8 compiles the code as it runs, and a run is long. Their medians: it also stops now and then.
  const late = samples.slice(Math.floor(samples.length * (1 - LATE_SHARE)));
  const ofWorkload = layersPerPoint(sample)[0]!;
  const ofContexts = late.filter(({ contexts }) => contexts > 0);
  return {
    contextLayer:
      median(ofContexts.map(({ cold, warm, contexts }) => Math.max(0, cold - warm) / contexts)) / ofWorkload,
    pointLayer: median(late.map(({ warm }) => warm)) / (points * ofWorkload),
  };
}

/** The middle of some figures; 0 where there are none. */
function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? 0;
}

/** Seconds to evaluate the whole grid on `workers` threads. */
function evaluationSeconds(study: Study, workers: number): number {
  const { radices, size } = gridOf(study);
  const pointsPerWorkload = size / study.workloads.length;
  const { contextLayer, pointLayer } = sampleSpeed(study, pointsPerWorkload);
  const layers = layersPerPoint(study).reduce((sum, n) => sum + n, 0);
  const contexts = stagesOf(study.dimensions).context.reduce((product, digit) => product * radices[digit]!, 1);
  return (layers * (contexts * contextLayer + pointsPerWorkload * pointLayer)) / workers;
}

/** Seconds to compute the reasons of `points` points on `workers` threads; none where only a front has them. */
function reasonSeconds(study: Study, points: number, workers: number): number {
  if (study.reasons !== 'all') return 0;
  const sample = sampleOf(study);
  const { size } = gridOf(sample);
  const evaluator = new PointEvaluator(sample);
  const spread = Array.from({ length: REASONS_SAMPLED }, (_, i) => Math.floor(((i + 0.5) / REASONS_SAMPLED) * size));
  spread.forEach((id) => evaluator.reasonsOfId(id)); // prepares the layers
  const start = performance.now();
  spread.forEach((id) => evaluator.reasonsOfId(id));
  const perLayer = (performance.now() - start) / 1000 / REASONS_SAMPLED / layersPerPoint(sample)[0]!;
  const layers = layersPerPoint(study).reduce((sum, n) => sum + n, 0) / study.workloads.length;
  return (points * layers * perLayer) / workers;
}

/** Bytes that a stored point takes, in SQLite and Arrow together. */
export function rowBytes(study: Study): number {
  const columns = columnsOf(study);
  return SQLITE_ROW_BYTES + SQLITE_CELL_BYTES * storedColumns(columns).length + ARROW_CELL_BYTES * columns.length;
}

/** Rows that a study stores, for its size on disk and for the time of its writer: few where it keeps the front alone. */
function storedRows({ store }: Study, points: number): number {
  return store === 'all' ? points : 0;
}

/** Plans a study. */
export function planStudy(study: Study, workers = availableParallelism()): Plan {
  const chunkPoints = chunkPointsOf(study);
  const { size } = gridOf(study);
  const { accepted, rejectedBy } = acceptance(study);
  const points = accepted ?? size;
  const stored = storedRows(study, points);
  const seconds = evaluationSeconds(study, workers) + reasonSeconds(study, stored, workers);
  return {
    name: study.name,
    model: study.model,
    baseline: study.baseline.id,
    points: accepted,
    grid: size,
    rejected: accepted === undefined ? undefined : size - accepted,
    constraints: study.constraints.map((expression, i) => ({ expression, rejected: rejectedBy[i] })),
    workloads: workloadNames(study),
    ...(study.options ? { options: study.options } : {}),
    axes: sweptAxes(study),
    unread_axes: unreadAxes(study),
    objectives: study.objectives.map(({ metric }) => metric),
    chunks: chunkCount(size, chunkPoints),
    chunk_points: chunkPoints,
    workers,
    estimated_seconds: Math.max(seconds, stored / STORED_ROWS_PER_S),
    estimated_bytes: stored * rowBytes(study),
  };
}
