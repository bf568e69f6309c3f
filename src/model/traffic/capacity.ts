/** Traffic that knows cache capacities (docs/model.md, 10). */
import { ELEMENT_BYTES } from '../units.js';
import { dramReads } from './dram-reads.js';
import { generationsOf, type Generations } from './generations.js';
import { l2Reads, type L2Reads } from './l2-reads.js';
import type { PreparedTraffic } from './prepare.js';
import { YOUNGER_SHARE } from './schedule.js';
import { SECTOR_BYTES } from './tiled-layer.js';
import type { Traffic } from './traffic.js';

/** What of a GPU design the traffic of a layer depends on. */
export interface CacheDesign {
  smCount: number;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  l1Bytes: number;
  l2Bytes: number;
}

/** All that does not depend on the size of L2. */
export interface AboveL2 {
  reads: L2Reads;
  /** As the CTAs of an SM drift apart. */
  drifting: Generations;
  /** Where they wait for DRAM, and so fall back into step. */
  inStep: Generations;
}

export function aboveL2(
  prepared: PreparedTraffic,
  { smCount, activeCtas, l1Bytes }: Omit<CacheDesign, 'l2Bytes'>,
): AboveL2 {
  const reads = l2Reads(prepared, smCount, activeCtas, l1Bytes);
  return {
    reads,
    drifting: generationsOf(prepared, reads, YOUNGER_SHARE),
    inStep: generationsOf(prepared, reads, 1),
  };
}

/** Bytes at every level, all groups together. */
export function trafficWith(prepared: PreparedTraffic, { reads, drifting, inStep }: AboveL2, l2Bytes: number): Traffic {
  const { layer, filter } = prepared;
  const bytes = SECTOR_BYTES * layer.groups;
  const dram = dramReads(prepared, reads, drifting, l2Bytes);
  const step = dramReads(prepared, reads, inStep, l2Bytes);
  const written = ELEMENT_BYTES * layer.m * layer.n * layer.groups;
  const ofmap = writtenBack(written, l2Bytes);
  return {
    l1: {
      ifmap: bytes * prepared.ifmapRequests * layer.columns,
      filter: bytes * filter.requests * layer.n * layer.rows,
    },
    l2: { ifmap: bytes * reads.ifmap, filter: bytes * reads.filter },
    dram: { ifmap: bytes * dram.ifmap, filter: bytes * dram.filter, ofmap },
    written,
    inStep: { ifmap: bytes * step.ifmap, filter: bytes * step.filter },
  };
}

/** W: L2 writes back: what fits half of it stays there, dirty, when the kernel ends. */
export const writtenBack = (bytes: number, l2Bytes: number): number => Math.max(0, bytes - l2Bytes / 2);

/** Bytes that one occurrence of a layer moves on a design. */
export function capacityTraffic(prepared: PreparedTraffic, design: CacheDesign): Traffic {
  return trafficWith(prepared, aboveL2(prepared, design), design.l2Bytes);
}
