/** What DRAM is asked for: what misses L2 (docs/model.md, 10.4). In sectors, over the whole layer of one group. */
import { filterSectors, type Generations, type Retouches } from './generations.js';
import { cacheShape, hitProbability, L2_WAYS, type CacheShape } from './hit.js';
import type { L2Reads } from './l2-reads.js';
import type { PreparedTraffic } from './prepare.js';

export interface DramReads {
  ifmap: number;
  filter: number;
}

/** Misses of L2: at least everything once, at most all that L2 is asked for. */
export function dramReads(
  prepared: PreparedTraffic,
  reads: L2Reads,
  generations: Generations,
  l2Bytes: number,
): DramReads {
  const l2 = cacheShape(l2Bytes, L2_WAYS);
  const { footprint } = prepared;
  const loadShare = missed(generations.filter, l2);
  const once = filterSectors(prepared);
  const ifmap = footprint.sectors + missed(generations.ifmap, l2) + generations.sharedRows * loadShare;
  const loads = once * (1 + generations.filterLoads * loadShare);
  const filter = loads + Math.max(0, reads.filter - loads) * (1 - hitProbability(l2, generations.nearLines));
  return {
    ifmap: Math.min(Math.max(footprint.sectors, reads.ifmap), ifmap),
    filter: Math.min(Math.max(once, reads.filter), filter),
  };
}

function missed({ sectors, lines }: Retouches, l2: CacheShape): number {
  let sum = 0;
  for (let i = 0; i < sectors.length; i++) sum += sectors[i]! * (1 - hitProbability(l2, lines[i]!));
  return sum;
}
