/** How the time of `delta-2019` responds to rates and latencies: its own terms, with a maximum among them (docs/model.md, 5.5). */
import { TIE } from '../bottleneck.js';
import type { Gpu } from '../gpu.js';
import type { LayerResult, Slopes } from '../layer-model.js';
import { LATENCIES, RATES, type LatencyId, type RateId } from '../resources.js';
import { aroundLoop, loopStreams } from './time-2019.js';
import { addSides, even } from '../response/sides.js';

/** Seconds by the resource that they are inverse to, or in proportion to. */
type Parts = Partial<Record<RateId | LatencyId, number>>;

const sumOf = (parts: Parts) => Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);

/** The streams of `active` CTAs, and the loads of one: a loop takes as long as the longest (docs/model.md, 4.3). */
function candidatesOf({ tile, tiling, traffic }: LayerResult, gpu: Gpu, active: number): Parts[] {
  const { compute, smem, l1, l2, dram } = loopStreams(tile, tiling, traffic, gpu);
  return [
    { macs_per_clk: active * compute },
    { smem_gbps: active * smem },
    { l1_gbps: active * l1 },
    { l2_gbps: active * l2 },
    { dram_gbps: active * dram },
    { l1_ns: gpu.l1LatencyS, l1_gbps: l1 },
    { l2_ns: gpu.l2LatencyS, l2_gbps: l2 },
    { dram_ns: gpu.dramLatencyS, dram_gbps: dram },
  ];
}

/** -d(seconds)/d(ln x) of a layer. Where several of the maximum's candidates tie, a side takes the one that is longest there. */
export function slopes2019(result: LayerResult, gpu: Gpu): Slopes {
  const slopes = Object.fromEntries([...RATES, ...LATENCIES].map((id) => [id, even(0)])) as Slopes;
  const { waves, tiling, tile } = result;
  const around = aroundLoop(tile, gpu);
  for (const [count, active] of [
    [waves.full, waves.size],
    [waves.rest > 0 ? 1 : 0, waves.rest],
  ] as const) {
    if (count === 0) continue;
    addSides(slopes.dram_ns, even(-count * around.latency));
    addSides(slopes.dram_gbps, even(count * active * (around.first_tile + around.ofmap_tile)));
    const candidates = candidatesOf(result, gpu, active);
    const largest = Math.max(...candidates.map(sumOf));
    const tied = candidates.filter((parts) => sumOf(parts) * (1 + TIE) >= largest);
    for (const id of [...RATES, ...LATENCIES]) {
      const seconds = tied.map((parts) => count * tiling.loops * (parts[id] ?? 0));
      const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
      const isLatency = (LATENCIES as readonly string[]).includes(id);
      addSides(slopes[id], isLatency ? { down: -least, up: -most } : { down: most, up: least });
    }
  }
  // The clock drives the multipliers alone.
  slopes.clock_ghz = { ...slopes.macs_per_clk };
  return slopes;
}
