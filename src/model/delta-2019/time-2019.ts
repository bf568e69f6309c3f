/** The time model of DeLTA 2019, assembled from its streams (docs/model.md, 4). */
import { zeroPerBottleneck, zeroPerStream, type PerBottleneck, type Stream } from '../bottleneck.js';
import { wavesOf } from '../kernel/kernel.js';
import type { LayerResult } from '../layer-model.js';
import { macsPerSecondOfSm, type Gpu } from '../gpu.js';
import { smemBytesOfLoop, type Tile } from '../tile.js';
import type { Tiling } from '../tiling.js';
import { dramBytes, dramReadBytes, l1Bytes, l2Bytes, type Traffic } from '../traffic/traffic.js';
import { ELEMENT_BYTES } from '../units.js';

/** Seconds that one main-loop iteration of one CTA keeps each stream of its SM busy. */
type LoopStreams = Record<Exclude<Stream, 'issue'>, number>;

/** The slowest way a k-block's load can take: a level's latency, then its bytes. */
interface LoadStream {
  level: 'l1' | 'l2' | 'dram';
  latency: number;
  transfer: number;
}

/** Seconds of one CTA's loop on each stream; L2 and DRAM at the SM's share of their bandwidth (docs/model.md, 4.1). */
export function loopStreams(tile: Tile, tiling: Tiling, traffic: Traffic, gpu: Gpu): LoopStreams {
  const ctaLoops = tiling.ctas * tiling.loops;
  return {
    compute: (tile.m * tile.n * tile.k) / macsPerSecondOfSm(gpu),
    smem: smemBytesOfLoop(tile) / gpu.smemBytesPerS,
    l1: l1Bytes(traffic) / ctaLoops / gpu.l1BytesPerS,
    l2: l2Bytes(traffic) / ctaLoops / (gpu.l2BytesPerS / gpu.smCount),
    dram: dramReadBytes(traffic) / ctaLoops / (gpu.dramBytesPerS / gpu.smCount),
  };
}

/** The load stream: the level at which latency and transfer of one CTA's k-block take longest (docs/model.md, 4.2). */
export function loadStream(streams: LoopStreams, gpu: Gpu): LoadStream {
  const levels: LoadStream[] = [
    { level: 'l1', latency: gpu.l1LatencyS, transfer: streams.l1 },
    { level: 'l2', latency: gpu.l2LatencyS, transfer: streams.l2 },
    { level: 'dram', latency: gpu.dramLatencyS, transfer: streams.dram },
  ];
  return levels.reduce((a, b) => (b.latency + b.transfer > a.latency + a.transfer ? b : a));
}

/** Seconds before and after the main loop: a latency a wave, the first tile and the OFmap tile of each CTA at the SM's share of DRAM bandwidth (docs/model.md, 4.3). */
export interface AroundLoop {
  latency: number;
  first_tile: number;
  ofmap_tile: number;
}

export function aroundLoop(tile: Tile, gpu: Gpu): AroundLoop {
  const smDramBytesPerS = gpu.dramBytesPerS / gpu.smCount;
  return {
    latency: gpu.dramLatencyS,
    first_tile: (ELEMENT_BYTES * (tile.m + tile.n) * tile.k) / smDramBytesPerS,
    ofmap_tile: (ELEMENT_BYTES * tile.m * tile.n) / smDramBytesPerS,
  };
}

/** Adds to `bound` what `waves` waves of `active` CTAs an SM take: prologue, main loop, epilogue (docs/model.md, 4.3). */
function addWaves(
  bound: PerBottleneck,
  waves: number,
  active: number,
  loops: number,
  streams: LoopStreams,
  load: LoadStream,
  around: AroundLoop,
): void {
  bound.latency += waves * around.latency;
  bound.dram += waves * active * (around.first_tile + around.ofmap_tile);

  let largest: keyof LoopStreams = 'compute';
  for (const stream of ['smem', 'l1', 'l2', 'dram'] as const) if (streams[stream] > streams[largest]) largest = stream;
  if (load.latency + load.transfer > active * streams[largest]) {
    bound.latency += waves * loops * load.latency;
    bound[load.level] += waves * loops * load.transfer;
  } else {
    bound[largest] += waves * loops * active * streams[largest];
  }
}

/** What the model says of a layer's time. */
type Time2019 = Pick<LayerResult, 'seconds' | 'busy' | 'bound' | 'elastic' | 'waves' | 'cta' | 'around'>;

/**
 * Time of a layer: every SM runs n = ceil(CTAs/SMs) CTAs, `active` at a time; full waves, then one of those left over
 * (docs/model.md, 4.3). What binds is also -d(seconds)/d(ln rate) of each rate, and d(seconds)/d(ln latency).
 */
export function layerTime2019(tile: Tile, tiling: Tiling, active: number, traffic: Traffic, gpu: Gpu): Time2019 {
  const { ctas, loops } = tiling;
  const streams = loopStreams(tile, tiling, traffic, gpu);
  const load = loadStream(streams, gpu);
  const around = aroundLoop(tile, gpu);
  const waves = wavesOf(ctas, gpu.smCount, active);
  const bound = zeroPerBottleneck();
  addWaves(bound, waves.full, waves.size, loops, streams, load, around);
  if (waves.rest > 0) addWaves(bound, 1, waves.rest, loops, streams, load, around);

  const cta = { ...zeroPerBottleneck(), latency: loops * (load.latency + load.transfer) };
  const busy = zeroPerStream();
  for (const stream of ['compute', 'smem', 'l1', 'l2', 'dram'] as const) {
    cta[stream] = loops * streams[stream];
    busy[stream] = (ctas / gpu.smCount) * cta[stream];
  }
  busy.dram = dramBytes(traffic) / gpu.dramBytesPerS;
  const { compute, smem, l1, l2, dram, latency } = bound;
  const elastic = { compute, issue: 0, smem, l1, l2, dram };
  return {
    seconds: compute + smem + l1 + l2 + dram + latency,
    busy,
    bound,
    elastic,
    waves,
    cta,
    around: { ...around },
  };
}
