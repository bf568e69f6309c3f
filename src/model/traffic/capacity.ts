/** Traffic that knows cache capacities (docs/model.md, 10): the same loads as the simulation of `trace`, by rule. */
import { ELEMENT_BYTES } from '../units.js';
import { l1Misses, type L1Misses } from './l1-misses.js';
import { l2Misses } from './l2-misses.js';
import type { PreparedTraffic } from './prepare.js';
import type { RuleId } from './rules.js';
import { SECTOR_BYTES } from './tiled-layer.js';
import type { Traffic } from './traffic.js';

/** What of a GPU design the traffic of a layer depends on. */
export interface CacheDesign {
  smCount: number;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  l1Bytes: number;
  l2Bytes: number;
  /** A rule to take out, to see what it is worth (docs/model.md, 10.6). */
  without?: RuleId;
}

/** L2 traffic: all that does not depend on the size of L2. */
export function l2Traffic(
  prepared: PreparedTraffic,
  { smCount, activeCtas, l1Bytes, without }: Omit<CacheDesign, 'l2Bytes'>,
): L1Misses {
  return l1Misses(prepared, smCount, activeCtas, l1Bytes, without);
}

/** Bytes at every level, all groups together, from the L2 traffic and the size of L2. */
export function dramTraffic(prepared: PreparedTraffic, misses: L1Misses, l2Bytes: number): Traffic {
  const { layer, filter } = prepared;
  const dram = l2Misses(prepared, misses, l2Bytes);
  const bytes = SECTOR_BYTES * layer.groups;
  return {
    l1: {
      ifmap: bytes * prepared.ifmapRequests * layer.columns,
      filter: bytes * filter.requests * layer.n * layer.rows,
    },
    l2: { ifmap: bytes * misses.ifmap, filter: bytes * misses.filter },
    dram: {
      ifmap: bytes * dram.ifmap,
      filter: bytes * dram.filter,
      ofmap: ELEMENT_BYTES * layer.m * layer.n * layer.groups,
    },
  };
}

/** Bytes that one occurrence of a layer moves on a design. */
export function capacityTraffic(prepared: PreparedTraffic, design: CacheDesign): Traffic {
  return dramTraffic(prepared, l2Traffic(prepared, design), design.l2Bytes);
}
