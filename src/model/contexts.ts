/**
 * Contexts: what the time of a workload's layers depends on besides rates and latencies, worked out once for each
 * combination of tile, occupancy and cache sizes (docs/model.md, 10 and 11.1).
 */
import { passTraffic, tilePass, type TiledPass } from './delta.js';
import { activityOf, addActivity, noActivity, type Activity } from './energy.js';
import type { Gpu } from './gpu.js';
import { wavesOf } from './layer-time.js';
import { eighth } from './powers.js';
import { loopWork } from './time-delta.js';
import { dramBytes, l1Bytes, l2Bytes, type Traffic } from './traffic/traffic.js';
import type { MergedPass } from './passes.js';

/** Fields of a layer's constants, in their order. */
const FIELDS = [
  'warpMacs',
  'index',
  'memory',
  'warps',
  'loops',
  'storeClks',
  /** CTAs of a full wave, to the power of -8; of the last wave likewise, 0 where it is full too. */
  'size8',
  'rest8',
  /** Seconds of the layer are these times the eighth roots of the two waves' powers. */
  'full',
  'rest',
  /** CTAs an SM, and call overheads, of all occurrences. */
  'ctas',
  'overheads',
  /** A full wave whose power is above this takes longer than the call overhead. */
  'launch8',
] as const;

export const FIELD = Object.fromEntries(FIELDS.map((name, i) => [name, i])) as Record<(typeof FIELDS)[number], number>;
export const CONSTANTS = FIELDS.length;

/** Bytes to the eighth power of a CTA on smem, l1, l2, dram. */
export const COEFFICIENTS = 4;

export interface Context {
  /** `CONSTANTS` and `COEFFICIENTS` numbers a layer. */
  constants: Float64Array;
  coefficients: Float64Array;
  /** Bytes of one run of the workload at each level, whole GPU. */
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;
  /** Bytes that keep a level busy: of one SM on average for smem and l1, of the whole GPU for l2 and dram. */
  busySmemBytes: number;
  busyL1Bytes: number;
  busyL2Bytes: number;
  busyDramBytes: number;
  /** What one run does that costs energy. */
  activity: Activity;
}

/** Reads the traffic of a pass of a workload in a context, by position, where it has been worked out before. */
export type TrafficSource = (workload: number, context: number, pass: number) => Traffic;

/**
 * The context of a workload's passes on a design; the reason where one of them cannot run.
 *
 * @param known the traffic of a pass by its position; without it, the traffic is worked out here
 */
export function makeContext(
  passes: readonly MergedPass[],
  gpu: Gpu,
  known?: (pass: number) => Traffic,
): Context | string {
  const tiled: TiledPass[] = [];
  for (const { layer, batch, pass } of passes) {
    const outcome = tilePass(gpu, layer, batch, pass);
    if ('infeasible' in outcome) return outcome.infeasible;
    tiled.push(outcome);
  }
  const context: Context = {
    constants: new Float64Array(passes.length * CONSTANTS),
    coefficients: new Float64Array(passes.length * COEFFICIENTS),
    ...{ l1Bytes: 0, l2Bytes: 0, dramBytes: 0 },
    ...{ busySmemBytes: 0, busyL1Bytes: 0, busyL2Bytes: 0, busyDramBytes: 0 },
    activity: noActivity(),
  };
  passes.forEach((merged, p) => {
    const { layer, batch, pass } = merged;
    addPass(context, p, merged, tiled[p]!, gpu, known ? known(p) : passTraffic(layer, batch, pass, tiled[p]!, gpu));
  });
  return context;
}

function addPass(
  context: Context,
  p: number,
  { count }: MergedPass,
  { gemm, tile, tiling, fits, gathers }: TiledPass,
  gpu: Gpu,
  traffic: Traffic,
): void {
  const work = loopWork(tile, gemm, tiling, gathers);
  const waves = wavesOf(tiling.ctas, gpu.smCount, fits);
  const busySms = Math.min(gpu.smCount, tiling.ctas);
  const overhead = gpu.callOverheadS;
  const constants: Record<keyof typeof FIELD, number> = {
    ...work,
    warps: tile.warps,
    loops: tiling.loops,
    size8: 1 / eighth(waves.size),
    rest8: waves.rest > 0 ? 1 / eighth(waves.rest) : 0,
    full: count * waves.full * waves.size,
    rest: count * waves.rest,
    ctas: (count * tiling.ctas) / gpu.smCount,
    overheads: count * overhead,
    launch8: eighth(overhead / (waves.full * waves.size)),
  };
  FIELDS.forEach((name, i) => (context.constants[p * CONSTANTS + i] = constants[name]));

  const l2 = l2Bytes(traffic) + traffic.dram.ofmap;
  const dram = dramBytes(traffic);
  const ctaBytes = [
    tiling.loops * work.smemBytes,
    l1Bytes(traffic) / tiling.ctas,
    (l2 / tiling.ctas) * busySms,
    (dram / tiling.ctas) * busySms,
  ];
  ctaBytes.forEach((bytes, s) => (context.coefficients[p * COEFFICIENTS + s] = eighth(bytes)));

  context.l1Bytes += count * l1Bytes(traffic);
  context.l2Bytes += count * l2Bytes(traffic);
  context.dramBytes += count * dram;
  context.busySmemBytes += constants.ctas * tiling.loops * work.smemBytes;
  context.busyL1Bytes += (count * l1Bytes(traffic)) / gpu.smCount;
  context.busyL2Bytes += count * l2;
  context.busyDramBytes += count * dram;
  addActivity(context.activity, activityOf({ tile, tiling, traffic }), count);
}
