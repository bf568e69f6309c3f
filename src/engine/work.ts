/** Estimates the work of ranges of a grid, to divide a study among machines. */
import { modelOf } from '../model/models.js';
import { mergedPasses } from '../model/passes.js';
import { boxesOf } from '../space/boxes.js';
import { compileConstraints, type Constraint } from '../space/constraints.js';
import { digitsOf, strideOf, type Grid } from '../space/grid.js';
import { stagesOf } from '../space/stages.js';
import { gridOf, type Study } from '../space/study.js';
import type { Range } from './chunks.js';

/**
 * Measured (bench/RESULTS.md), in the time that the staged evaluator takes for a layer of a point, 12 ns. They are constants, not
 * timings of this machine: every machine has to divide a study in the same way.
 */
const COST = {
  /** A layer of a point: by the staged evaluator, and by the plain path. */
  stagedLayer: 1,
  plainLayer: 250,
  /** Tile and traffic of a layer on a context, which many points share. */
  contextLayer: 650,
  /** The reasons of a layer of a point. */
  reasonsLayer: 40_000,
  /** A row for SQLite and Arrow, encoded and written. */
  storedRow: 400,
  /** A point of the grid that is looked at, kept or not. */
  walked: 0.5,
} as const;

/** Points checked against the constraints, over all ranges: hundredths of a second. */
const MOST_SAMPLED = 1 << 17;

/** Successive multiples of it, modulo 1, are spread evenly, however many are taken. */
const GOLDEN = 0.618033988749895;

/** The work of each range of a study's ids, in any unit; it depends on the study alone. */
export function estimateWork(study: Study, ranges: readonly Range[]): number[] {
  const grid = gridOf(study);
  const constraints = compileConstraints(study.constraints, grid, study.baseline);
  const layers = study.workloads.map((workload) => mergedPasses(workload).length);
  const { context } = stagesOf(study.dimensions);
  const samples = Math.max(1, Math.floor(MOST_SAMPLED / ranges.length));
  const isStaged = modelOf(study.model).algorithms !== undefined;
  const perLayer = (isStaged ? COST.stagedLayer : COST.plainLayer) + (study.reasons === 'all' ? COST.reasonsLayer : 0);
  const perContext = isStaged ? COST.contextLayer : 0;
  const contextPoints = strideOf(grid, Math.max(0, ...context));
  const perRow = study.store === 'all' ? COST.storedRow : 0;
  return ranges.map(({ from, to }) => {
    const kept = keptShare(constraints, grid, { from, to }, samples);
    let work = 0;
    for (const { first, counts } of boxesOf(grid, from, to)) {
      const points = productOf(counts);
      const contexts = productOf(context.map((digit) => counts[digit]!));
      // Of a context that extends beyond the box, only what is within it counts.
      const ofContexts = contexts * Math.min(1, points / contexts / contextPoints);
      // A box has one workload, or all of several: its points are divided evenly among them.
      const ofBox = layers.slice(first[0], first[0]! + counts[0]!);
      const allLayers = ofBox.reduce((sum, n) => sum + n, 0);
      const perPoint = (perLayer * allLayers) / ofBox.length + perRow;
      work += points * (COST.walked + kept * perPoint) + ofContexts * perContext * allLayers;
    }
    return work;
  });
}

const productOf = (numbers: readonly number[]) => numbers.reduce((product, n) => product * n, 1);

/** The share of a range's points that all constraints keep: exact for a short range, otherwise of a sample. */
function keptShare(constraints: readonly Constraint[], grid: Grid, { from, to }: Range, samples: number): number {
  if (constraints.length === 0) return 1;
  const points = to - from;
  const looked = Math.min(points, samples);
  const digits = new Int32Array(grid.radices.length);
  let kept = 0;
  for (let i = 0; i < looked; i++) {
    const offset = looked === points ? i : Math.floor(((i * GOLDEN) % 1) * points);
    digitsOf(grid, from + offset, digits);
    if (constraints.every(({ accepts }) => accepts(digits))) kept++;
  }
  return kept / looked;
}
