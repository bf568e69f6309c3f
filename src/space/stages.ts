/**
 * Which digits of a grid move which stage of the model `delta` (docs/model.md, 11): a stage is evaluated again only when
 * one of its digits moves.
 *
 *   outer  tile, occupancy and traffic (the context); also digits that link a bandwidth with anything else
 *   state  clock, arithmetic, issue, latencies: what the waves of a layer are made of besides bandwidths
 *   block  bandwidths alone: the designs of a block, which the kernel evaluates two at a time
 */
import { resourceOf, type AxisId } from '../model/resources.js';
import type { Dimension } from './grid.js';

/** The stage of an axis; the tile decides the context. */
const stageOf = (id: AxisId) => resourceOf(id)?.stage ?? 'context';
const movesContext = (id: AxisId) => stageOf(id) === 'context';
const movesBandwidth = (id: AxisId) => stageOf(id) === 'bandwidth';

export interface Stages {
  /** Digits (1 is the first dimension) of each level, slowest first. */
  outer: readonly number[];
  state: readonly number[];
  block: readonly number[];
  /** Those of `outer` that tile, occupancy or traffic depend on. */
  context: readonly number[];
}

export function stagesOf(dimensions: readonly Dimension[]): Stages {
  const digits = dimensions.map((_, d) => d + 1);
  const axesOf = (digit: number) => dimensions[digit - 1]!.map(({ id }) => id);
  const block = digits.filter((digit) => axesOf(digit).every(movesBandwidth));
  const context = digits.filter((digit) => axesOf(digit).some(movesContext));
  const outer = digits.filter(
    (digit) => !block.includes(digit) && axesOf(digit).some((id) => movesContext(id) || movesBandwidth(id)),
  );
  const state = digits.filter((digit) => !block.includes(digit) && !outer.includes(digit));
  return { outer, state, block, context };
}
