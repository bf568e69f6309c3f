/** Balanced scaling: whether silicon could be moved from one resource to another and buy time (docs/model.md, 5.4). */
import { AREA_BLOCKS, perBlock, sumOfBlocks, type PerBlock } from '../model/cost.js';
import type { PointResult } from '../model/metrics.js';
import { signOf, type Goal } from './front-archive.js';

const add = (a: number, b: number) => a + b;

/** Elasticity of each block of silicon: -d ln T/d ln rate, all rates of the block growing together. */
export function blockElasticities({ workload }: PointResult): PerBlock {
  const seconds = perBlock(workload.elastic, add);
  const elasticity = { ...seconds };
  for (const block of AREA_BLOCKS) elasticity[block] = seconds[block] / workload.seconds;
  return elasticity;
}

/**
 * 0 where every block has the same elasticity per unit of area, so that moving area buys nothing; towards 1 where the
 * blocks that bind have none of the area. Half the sum of |share of elasticity - share of area|.
 */
export function imbalanceOf(point: PointResult): number {
  const elasticities = blockElasticities(point);
  const elasticity = sumOfBlocks(elasticities);
  const area = sumOfBlocks(point.areas);
  const gap = AREA_BLOCKS.map((block) =>
    Math.abs((elasticity > 0 ? elasticities[block] / elasticity : 0) - point.areas[block] / area),
  );
  return gap.reduce(add) / 2;
}

/**
 * The knee of a front of two objectives: the design farthest from the chord between the front's ends, in log-log, on the
 * side where both objectives are better; undefined where no design lies there or a value is not positive.
 *
 * @param goals of the two objectives
 */
export function kneeOf(
  xs: readonly number[],
  ys: readonly number[],
  [goalX, goalY]: readonly [Goal, Goal],
): number | undefined {
  if (xs.length < 3 || [...xs, ...ys].some((value) => value <= 0)) return undefined;
  const costs = (values: readonly number[], goal: Goal) => values.map((value) => signOf(goal) * Math.log(value));
  const [cx, cy] = [costs(xs, goalX), costs(ys, goalY)];
  // Along the chord one cost rises and the other falls, so that both absolute values make a normal that points to worse.
  const [dx, dy] = [Math.abs(cx.at(-1)! - cx[0]!), Math.abs(cy.at(-1)! - cy[0]!)];
  const distances = cx.map((x, i) => (cx[0]! - x) * dy + (cy[0]! - cy[i]!) * dx);
  const largest = Math.max(...distances);
  return largest > 0 ? distances.indexOf(largest) : undefined;
}
