/** What a run would do, and roughly what it would cost; nothing is stored. */
import { availableParallelism } from 'node:os';
import { columnsOf } from '../space/columns.js';
import { acceptance, gridOf, sweptAxes, unreadAxes, type Study } from '../space/study.js';
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

/** How long the speed of evaluation is sampled. */
const SAMPLE_MS = 120;
const SAMPLE_POINTS = 32;

/** Points of the grid evaluated a second by one thread, from stretches spread over it. */
function sampleRate(study: Study, size: number): number {
  const evaluator = new RangeEvaluator(study);
  const stretch = Math.min(SAMPLE_POINTS, size);
  const golden = 0.618033988749895;
  const start = performance.now();
  let points = 0;
  for (let i = 1; performance.now() - start < SAMPLE_MS; i++) {
    const from = Math.floor(((i * golden) % 1) * (size - stretch));
    evaluator.evaluate(from, from + stretch);
    points += stretch;
  }
  return points / ((performance.now() - start) / 1000);
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
    workloads: study.workloads.map(({ network, batch, pass }) => ({ network: network.name, batch, pass })),
    axes: sweptAxes(study),
    unread_axes: unreadAxes(study),
    objectives: study.objectives.map(({ metric }) => metric),
    chunks: Math.ceil(size / chunkPoints),
    chunk_points: chunkPoints,
    workers,
    estimated_seconds: Math.max(size / (sampleRate(study, size) * workers), points / STORED_ROWS_PER_S),
    estimated_bytes: points * rowBytes(study),
  };
}
