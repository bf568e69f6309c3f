/** Elasticity: -d ln T/d ln x of every resource x, from below and from above (docs/model.md, 5.5). */
import { CAPACITIES, LATENCIES, RATES, RESOURCES, resourceOf, type CapacityId, type ResourceId } from '../resources.js';
import { scaled, secondsAt, secondsOn, type FixedWork } from './fixed-work.js';
import { addSides, even, type Sides } from './sides.js';
import { tilesOf } from './slack.js';
import { stepsOf } from './steps.js';

/** By resource. Infinite on a side where the time jumps, or where the design could not run. */
export type Elasticities = Record<ResourceId, Sides>;

/** How close to a jump, relatively, a rate is at it, and how far beyond it the time is looked at. */
const AT_JUMP = 1e-9;

/** A jump of less than this, relatively, is none. */
const LEAST_JUMP = 1e-6;

/** Steps of a capacity that are looked at for one that changes anything. */
const NEAREST = 8;

/** Relative changes of a time below this are rounding. */
const LEAST_CHANGE = 1e-14;

export function elasticitiesOf(work: FixedWork): Elasticities {
  const result = Object.fromEntries(RESOURCES.map(({ id }) => [id, even(0)])) as Elasticities;
  for (const layer of work.layers) {
    const slopes = work.model.slopes(layer, work.gpu);
    for (const id of [...RATES, ...LATENCIES]) addSides(result[id], slopes[id], layer.layer.count / work.seconds);
  }
  addJumps(work, result);
  for (const id of CAPACITIES) if (!work.model.unread.includes(id)) result[id] = elasticityOfSteps(work, id);
  return result;
}

/** Where a rate is at a value at which the time jumps, its elasticity on that side is infinite: above zero where more of it is faster. */
function addJumps(work: FixedWork, elasticities: Elasticities): void {
  for (const id of RATES) {
    const { si } = resourceOf(id)!;
    const jump = work.model.jumpOf(id, work.gpu);
    if (jump === undefined || Math.abs(work.gpu[si] / jump - 1) > AT_JUMP) continue;
    const grown = (factor: number) => Math.log(secondsAt(work, scaled(work.gpu, si, factor)) / work.seconds);
    const [down, up] = [grown(1 - 2 * AT_JUMP), grown(1 + 2 * AT_JUMP)];
    if (Math.abs(down) > LEAST_JUMP) elasticities[id].down = Math.sign(down) * Number.POSITIVE_INFINITY;
    if (Math.abs(up) > LEAST_JUMP) elasticities[id].up = -Math.sign(up) * Number.POSITIVE_INFINITY;
  }
}

/** From the design to the nearest steps that change its time. */
function elasticityOfSteps(work: FixedWork, id: CapacityId): Sides {
  const { si } = resourceOf(id)!;
  const size = work.gpu[si];
  if (size === 0) return even(0);
  const towards = (sizes: Iterable<number>) => {
    let looked = 0;
    for (const at of sizes) {
      if (at === size) continue;
      const change = Math.log(secondsOn(work, { ...work.gpu, [si]: at }) / work.seconds);
      if (change === Number.POSITIVE_INFINITY) return change; // smaller ones cannot run
      if (Math.abs(change) > LEAST_CHANGE) return -change / Math.log(at / size);
      if (++looked === NEAREST) break;
    }
    return 0;
  };
  const { down, up } = stepsOf(id, work.gpu, tilesOf(work));
  return { down: towards(down), up: towards(up) };
}
