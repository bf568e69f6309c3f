/** Areas of the designs of a box, and their busy areas: linear in the bandwidths in which the designs differ. */
import { blockArea, type AreaBlock, type PerAreaConstant } from '../../model/cost.js';
import { energyAmounts, energyFrom, noActivity, type PerEnergyConstant } from '../../model/energy.js';
import type { Gpu } from '../../model/gpu.js';
import { BANDWIDTH_FIELDS, type BandwidthField } from '../../model/resources.js';
import type { BoxDesigns } from './box-designs.js';
import type { ResolvedWork } from './resolved-work.js';

export interface DesignCosts {
  /** Weighed area without the compute block, mm2, and its busy area, mm2 x s. */
  area: Float64Array;
  busyArea: Float64Array;
  /** The rest of the die, mm2, and the energy of switching, J: the same for all of them. */
  restMm2: number;
  joules: number;
  /** What a byte of DRAM costs: joules, and busy area, mm2 x s. */
  joulesPerByte: number;
  mm2sPerByte: number;
}

/** @param gpu the design as the outer digits set it */
export function designCosts(
  designs: BoxDesigns,
  work: ResolvedWork,
  gpu: Gpu,
  factors: PerAreaConstant,
  energies: PerEnergyConstant,
): DesignCosts {
  const size = designs.offsets.length;
  const [area, busyArea] = [new Float64Array(size), new Float64Array(size)];
  const [smemRates, l1Rates, l2Rates, dramRates] = BANDWIDTH_FIELDS.map(
    (field, s) => designs.rates[s] ?? new Float64Array(size).fill(gpu[field]),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  // What there is without any bandwidth, and what a byte per second of each adds.
  const still = { ...gpu, smemBytesPerS: 0, l1BytesPerS: 0, l2BytesPerS: 0, dramBytesPerS: 0 };
  const empty = { ...still, smemBytes: 0, l1Bytes: 0, l2Bytes: 0 };
  const per = (block: AreaBlock, rate: BandwidthField) => blockArea(block, factors, { ...empty, [rate]: 1 });
  const [sramCells, l2Cells] = [blockArea('sram', factors, still), blockArea('l2', factors, still)];
  const [perSmem, perL1] = [per('sram', 'smemBytesPerS'), per('sram', 'l1BytesPerS')];
  const [perL2, perDram] = [per('l2', 'l2BytesPerS'), per('dram', 'dramBytesPerS')];
  for (let i = 0; i < size; i++) {
    const smem = smemRates[i]!;
    const l1 = l1Rates[i]!;
    const l2 = l2Rates[i]!;
    const dram = dramRates[i]!;
    const sramMm2 = sramCells + perSmem * smem + perL1 * l1;
    const l2Mm2 = l2Cells + perL2 * l2;
    const dramMm2 = perDram * dram;
    area[i] = sramMm2 + l2Mm2 + dramMm2;
    busyArea[i] =
      sramMm2 * Math.max(work.busySmemBytes / smem, work.busyL1Bytes / l1) +
      (l2Mm2 * work.busyL2Bytes) / l2 +
      (dramMm2 * work.busyDramBytes) / dram;
  }
  const restMm2 = blockArea('rest', factors, gpu);
  const joules = energyFrom(energies, energyAmounts(gpu, work.run.activity, 0, 0));
  const joulesPerByte = energyFrom(energies, energyAmounts(gpu, { ...noActivity(), dramBytes: 1 }, 0, 0));
  return { area, busyArea, restMm2, joules, joulesPerByte, mm2sPerByte: perDram };
}
