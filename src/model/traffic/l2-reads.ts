/** What L2 is asked for: what misses L1 (docs/model.md, 10.3). All sums in sectors, over the whole layer of one group. */
import { cacheShape, hitProbability, L1_WAYS, type CacheShape } from './hit.js';
import type { PreparedTraffic } from './prepare.js';
import { SECTOR_ELEMENTS } from './tiled-layer.js';
import { filterLines, ifmapLines } from './windows.js';

export interface L2Reads {
  /** SMs with a CTA, and CTAs that an SM holds at once. */
  sms: number;
  active: number;
  ifmap: number;
  filter: number;
  /** Own re-touches of a full CTA that miss L1, by lag in k-blocks. */
  byLag: Float64Array;
  /** Those of lag 1 and more, and their share of all re-touches of lag 1 and more. */
  later: number;
  missShare: number;
}

/** Misses of L1: at least everything once, at most every request. No CTA finds what another one has loaded. */
export function l2Reads(prepared: PreparedTraffic, smCount: number, activeCtas: number, l1Bytes: number): L2Reads {
  const { layer, filter, reuse } = prepared;
  const sms = Math.min(smCount, layer.ctas);
  const resident = Math.min(activeCtas, layer.ctas / sms);
  const l1 = cacheShape(l1Bytes, L1_WAYS);
  const { byLag, later, missShare } = ownRetouches(prepared, resident, l1);
  const ifmap = (reuse.firstTouches + byLag[0]! + later) * layer.fullRows * layer.columns;
  const filterRow = filter.sectors + (filter.requests - filter.sectors) * nextBlockMiss(prepared, resident, l1);
  return {
    sms,
    active: activeCtas,
    ifmap: Math.max(prepared.footprint.sectors, Math.min(prepared.ifmapRequests * layer.columns, ifmap)),
    filter: Math.max(layer.k / SECTOR_ELEMENTS, Math.min(filter.requests, filterRow)) * layer.n * layer.rows,
    ...{ byLag, later, missShare },
  };
}

/** R2: chance that a filter sector that lies in two k-blocks does not survive one of all CTAs that the SM holds. */
function nextBlockMiss(prepared: PreparedTraffic, resident: number, l1: CacheShape): number {
  const { layer } = prepared;
  const lines = resident * (ifmapLines(prepared, 1) + filterLines(layer, 1, layer.columnFilters));
  return l1.sets === 0 ? 1 : 1 - hitProbability(l1, lines);
}

/** R1: a re-touch of lag j misses unless its line survives j k-blocks of the CTA's own and of the others that the SM holds. */
function ownRetouches(
  prepared: PreparedTraffic,
  resident: number,
  l1: CacheShape,
): Pick<L2Reads, 'byLag' | 'later' | 'missShare'> {
  const { layer, reuse } = prepared;
  const { cellLag, cellDistance, cellSectors } = reuse;
  const byLag = new Float64Array(1 + (cellLag.at(-1) ?? 0));
  let lag = -1;
  let others = 0;
  for (let i = 0; i < cellLag.length; i++) {
    if (cellLag[i] !== lag) {
      lag = cellLag[i]!;
      others = (resident - 1) * ifmapLines(prepared, lag) + resident * filterLines(layer, lag, layer.columnFilters);
    }
    // without an L1, a CTA asks L2 once a k-block
    const miss = l1.sets === 0 ? Number(lag > 0) : 1 - hitProbability(l1, cellDistance[i]! + others);
    byLag[lag]! += cellSectors[i]! * miss;
  }
  let later = 0;
  for (let j = 1; j <= lag; j++) later += byLag[j]!;
  const retouches = reuse.requests - reuse.firstTouches - reuse.sameBlock;
  return { byLag, later, missShare: retouches > 0 ? Math.min(1, later / retouches) : 0 };
}
