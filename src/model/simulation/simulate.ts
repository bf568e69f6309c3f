/**
 * The address-level simulation of a layer's reads through L1, L2 and DRAM, defined to the byte (docs/model.md, 9): the
 * truth that the traffic models are held against.
 */
import { operandsOf } from './addresses.js';
import { checkInput, checkOperands, DEFAULT_SETTINGS, type Settings, type SimulationInput } from './input.js';
import { Memory } from './memory.js';
import { runInRounds } from './schedule.js';

const SECTOR_BYTES = 32;

export interface SimulationOptions extends Partial<Settings> {
  /** Told after each round how many of all k-blocks are done. */
  onProgress?: (done: number, total: number) => void;
}

/** Bytes read, by operand. */
export interface OperandBytes {
  ifmap: number;
  filter: number;
}

/** What each level is asked for, all groups together: requests at L1, misses of L1, misses of L2. */
export interface Simulation {
  l1: OperandBytes;
  l2: OperandBytes;
  dram: OperandBytes;
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
  runInRounds(
    { ...settings, rows, columns, loops, smCount, activeCtas },
    (row, column, kBlock, sm) => memory.readBlock(row, column, kBlock, sm),
    (done) => onProgress?.(done, rows * columns * loops),
  );
  return toBytes(memory.counts, input.layer.groups);
}

function toBytes({ ifmap, filter }: Memory['counts'], groups: number): Simulation {
  const bytesAt = (level: 'l1' | 'l2' | 'dram'): OperandBytes => ({
    ifmap: ifmap[level] * SECTOR_BYTES * groups,
    filter: filter[level] * SECTOR_BYTES * groups,
  });
  return { l1: bytesAt('l1'), l2: bytesAt('l2'), dram: bytesAt('dram'), accesses: ifmap.l1 + filter.l1 };
}
