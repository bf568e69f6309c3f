/** Balanced scaling: whether silicon could be moved from one resource to another and buy time (docs/model.md, 5.4). */
import { AREA_BLOCKS, perBlock, sumOfBlocks, type PerBlock } from '../model/cost.js';
import type { PointResult } from '../model/metrics.js';

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
 * The knee of a front of two objectives: the design farthest from the chord between the front's ends, in log-log;
 * undefined where the front has no inside or a value is not positive.
 */
export function kneeOf(xs: readonly number[], ys: readonly number[]): number | undefined {
  if (xs.length < 3 || [...xs, ...ys].some((value) => value <= 0)) return undefined;
  const [lx, ly] = [xs.map(Math.log), ys.map(Math.log)];
  const [dx, dy] = [lx.at(-1)! - lx[0]!, ly.at(-1)! - ly[0]!];
  const distances = lx.map((x, i) => Math.abs((x - lx[0]!) * dy - (ly[i]! - ly[0]!) * dx));
  const largest = Math.max(...distances);
  return largest > 0 ? distances.indexOf(largest) : undefined;
}
