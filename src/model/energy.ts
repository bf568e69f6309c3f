/** Energy of a run (docs/model.md, 6.4): what each operation and each bit moved costs, and leakage. */
import { constantsAt, type Bound, type Declaration, type CostModel } from './cost-model.js';
import type { Gpu } from './gpu.js';
import type { Tile } from './tile.js';
import { smemBytesOfLoop } from './tile.js';
import type { Tiling } from './tiling.js';
import { dramBytes, l1Bytes, l2BytesBothWays, type Traffic } from './traffic/traffic.js';
import { PICO } from './units.js';

/** What a run does that costs energy. */
export interface Activity {
  /** Multiply-accumulates issued: a partial tile costs a full one. */
  macs: number;
  /** Bytes written to and read from shared memory. */
  smemBytes: number;
  l1Bytes: number;
  /** Bytes between L2 and the SMs, both ways. */
  l2Bytes: number;
  /** Bytes read from and written to DRAM. */
  dramBytes: number;
}

export const noActivity = (): Activity => ({ macs: 0, smemBytes: 0, l1Bytes: 0, l2Bytes: 0, dramBytes: 0 });

/** What one occurrence of a layer does. */
export function activityOf({ tile, tiling, traffic }: { tile: Tile; tiling: Tiling; traffic: Traffic }): Activity {
  const loops = tiling.ctas * tiling.loops;
  return {
    macs: loops * tile.m * tile.n * tile.k,
    smemBytes: loops * smemBytesOfLoop(tile),
    l1Bytes: l1Bytes(traffic),
    l2Bytes: l2BytesBothWays(traffic),
    dramBytes: dramBytes(traffic),
  };
}

/** Adds what `count` occurrences of something do. */
export function addActivity(
  to: Activity,
  { macs, smemBytes, l1Bytes: l1, l2Bytes: l2, dramBytes: dram }: Activity,
  count: number,
): void {
  to.macs += count * macs;
  to.smemBytes += count * smemBytes;
  to.l1Bytes += count * l1;
  to.l2Bytes += count * l2;
  to.dramBytes += count * dram;
}

interface EnergyTerm extends Declaration {
  /** How much of it a run has, so that times the constant it is joules. */
  amount: (activity: Activity, memory: Gpu['memory']) => number;
}

const picobits = (bytes: number) => 8 * PICO * bytes;

/** Every constant that the energy of switching is made of. */
export const ENERGY_TERMS = [
  {
    id: 'mac_pj',
    unit: 'pJ',
    meaning: 'multiply-accumulate, with its issue and its registers',
    scaling: 'switching',
    amount: ({ macs }) => PICO * macs,
  },
  {
    id: 'smem_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'shared memory to registers, or back',
    scaling: 'switching',
    amount: ({ smemBytes }) => picobits(smemBytes),
  },
  {
    id: 'l1_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'L1 to registers',
    scaling: 'switching',
    amount: (activity) => picobits(activity.l1Bytes),
  },
  {
    id: 'l2_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'L2 to L1, or registers to L2',
    scaling: 'switching',
    amount: (activity) => picobits(activity.l2Bytes),
  },
  {
    id: 'dram_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'between DRAM and L2, on the die',
    scaling: 'switching',
    amount: (activity) => picobits(activity.dramBytes),
  },
  {
    id: 'hbm_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'HBM device',
    scaling: 'none',
    amount: (activity, memory) => (memory === 'hbm' ? picobits(activity.dramBytes) : 0),
  },
  {
    id: 'gddr_pj_per_bit',
    unit: 'pJ/bit',
    meaning: 'GDDR device',
    scaling: 'none',
    amount: (activity, memory) => (memory === 'gddr' ? picobits(activity.dramBytes) : 0),
  },
] as const satisfies readonly EnergyTerm[];

/** What the die takes whether it works or not. */
export const STATIC_TERM = {
  id: 'static_w_per_mm2',
  unit: 'W/mm2',
  meaning: 'leakage and clocks of the whole die',
  scaling: 'none',
} as const satisfies Declaration;

export type EnergyConstantId = (typeof ENERGY_TERMS)[number]['id'] | typeof STATIC_TERM.id;

/** A figure for each constant that energy is made of. */
export type PerEnergyConstant = Record<EnergyConstantId, number>;

/** What a unit of each amount costs on a GPU's process; never negative. */
export function energyFactors(
  { processNm }: Pick<Gpu, 'processNm'>,
  model: CostModel<EnergyConstantId>,
  bound: Bound = 'value',
): PerEnergyConstant {
  return constantsAt<EnergyConstantId>([...ENERGY_TERMS, STATIC_TERM], model, processNm, bound);
}

/**
 * How much a run has of what each constant is the cost of. Its energy is the sum of these times the factors, in joules.
 *
 * @param areaMm2 of the whole die
 */
export function energyAmounts(
  { memory }: Pick<Gpu, 'memory'>,
  activity: Activity,
  areaMm2: number,
  seconds: number,
): PerEnergyConstant {
  const switching = ENERGY_TERMS.map(({ id, amount }) => [id, amount(activity, memory)]);
  return { ...Object.fromEntries(switching), [STATIC_TERM.id]: areaMm2 * seconds } as PerEnergyConstant;
}

/** Joules from amounts and what they cost. */
export function energyFrom(factors: PerEnergyConstant, amounts: PerEnergyConstant): number {
  let joules = factors[STATIC_TERM.id] * amounts[STATIC_TERM.id];
  for (const { id } of ENERGY_TERMS) joules += factors[id] * amounts[id];
  return joules;
}
