/**
 * The address-level simulation of a layer's reads through L1, L2 and DRAM, defined to the byte (docs/model.md, 9): the
 * truth that the traffic models are held against.
 */
import { operandsOf } from './addresses.js';
import { checkInput, checkOperands, DEFAULT_SETTINGS, type Settings, type SimulationInput } from './input.js';
import { Memory, type SectorCounts } from './memory.js';
import { YOUNGER_SHARE } from '../traffic/schedule.js';
import { runByAge } from './schedule.js';

const SECTOR_BYTES = 32;

/** The most of an SM's speed that one of several CTAs gets, and the random part of a CTA's speed. */
const MOST_OF_AN_SM = 0.55;
const SPEED_SPREAD = 0.01;

export interface SimulationOptions extends Partial<Settings> {
  /** Called with the k-blocks that are done, of all. */
  onProgress?: (done: number, total: number) => void;
}

/** Bytes read, by operand. */
export interface OperandBytes {
  ifmap: number;
  filter: number;
}

/** What each level is asked for, all groups together: requests at L1, misses of L1, what L2 fetches. */
export interface Simulation {
  l1: OperandBytes;
  l2: OperandBytes;
  dram: OperandBytes;
  /** What L2 fetches because it is asked for, without the other sector of 64 bytes: misses as nvprof counts them. */
  demanded: OperandBytes;
  /** Results that L2 has written back when the kernel ends. */
  writtenBytes: number;
  /** Sector requests at L1 that were simulated: those of one group. */
  accesses: number;
}

/**
 * Simulates the forward pass of a layer. Of several groups one is simulated, as a GEMM of its own whose addresses hold
 * nothing but its own input channels and filters, and its bytes are multiplied by the groups.
 */
export function simulate(input: SimulationInput, options: SimulationOptions = {}): Simulation {
  const { onProgress, ...chosen } = options;
  const settings: Settings = { ...DEFAULT_SETTINGS, ...chosen };
  checkInput(input, settings);
  const operands = operandsOf(input.layer, input.batch);
  checkOperands(operands);

  const { tile, smCount, activeCtas } = input;
  const rows = Math.ceil(operands.m / tile.m);
  const columns = Math.ceil(operands.n / tile.n);
  const loops = Math.ceil(operands.k / tile.k);
  const memory = new Memory(input, operands);
  runByAge(
    {
      ...{ rows, columns, loops, smCount, activeCtas, seed: settings.seed },
      ...{ share: settings.inStep ? 1 : YOUNGER_SHARE, most: MOST_OF_AN_SM, spread: SPEED_SPREAD },
    },
    {
      load: (row, column, kBlock, sm) => memory.readBlock(row, column, kBlock, sm),
      end: (row, column) => memory.write(row, column),
    },
    (done) => onProgress?.(done, rows * columns * loops),
  );
  return toBytes(memory, input.layer.groups);
}

function toBytes({ counts: { ifmap, filter }, writtenBack }: Memory, groups: number): Simulation {
  const bytesAt = (level: keyof SectorCounts): OperandBytes => ({
    ifmap: ifmap[level] * SECTOR_BYTES * groups,
    filter: filter[level] * SECTOR_BYTES * groups,
  });
  return {
    ...{ l1: bytesAt('l1'), l2: bytesAt('l2'), dram: bytesAt('dram'), demanded: bytesAt('demanded') },
    writtenBytes: writtenBack * SECTOR_BYTES * groups,
    accesses: ifmap.l1 + filter.l1,
  };
}
