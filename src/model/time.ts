/** The time model of DeLTA 2019, assembled from its streams (docs/model.md, 4). */
import { zeroPerBottleneck, zeroPerStream, type PerBottleneck, type PerStream, type Stream } from './bottleneck.js';
import { macsPerSecondOfSm, type Gpu } from './gpu.js';
import type { Tile } from './tile.js';
import { dramBytes, dramReadBytes, l1Bytes, l2Bytes, type Tiling, type Traffic } from './traffic/traffic.js';
import { ELEMENT_BYTES } from './units.js';

/** Time of one occurrence of a layer, and where it goes; seconds. */
export interface LayerTime {
  seconds: number;
  /** How long each stream was busy, averaged over the SMs: at most `seconds`. */
  busy: PerStream;
  /** The part of `seconds` that each bottleneck decides; they add up to `seconds`. It is also -d(seconds)/d(ln rate) of each rate. */
  bound: PerBottleneck;
}

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
  const smemBytes =
    ELEMENT_BYTES * tile.k * (tile.m + tile.n) + ELEMENT_BYTES * tile.k * (tile.warpM + tile.warpN) * tile.warps;
  return {
    compute: (tile.m * tile.n * tile.k) / macsPerSecondOfSm(gpu),
    smem: smemBytes / gpu.smemBytesPerS,
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

/** Adds to `bound` what `waves` waves of `active` CTAs an SM take: prologue, main loop, epilogue (docs/model.md, 4.3). */
function addWaves(
  bound: PerBottleneck,
  waves: number,
  active: number,
  loops: number,
  tile: Tile,
  streams: LoopStreams,
  load: LoadStream,
  gpu: Gpu,
): void {
  const smDramBytesPerS = gpu.dramBytesPerS / gpu.smCount;
  const firstTiles = (active * ELEMENT_BYTES * (tile.m + tile.n) * tile.k) / smDramBytesPerS;
  const ofmapTiles = (active * ELEMENT_BYTES * tile.m * tile.n) / smDramBytesPerS;
  bound.latency += waves * gpu.dramLatencyS;
  bound.dram += waves * (firstTiles + ofmapTiles);

  let largest: keyof LoopStreams = 'compute';
  for (const stream of ['smem', 'l1', 'l2', 'dram'] as const) if (streams[stream] > streams[largest]) largest = stream;
  if (load.latency + load.transfer > active * streams[largest]) {
    bound.latency += waves * loops * load.latency;
    bound[load.level] += waves * loops * load.transfer;
  } else {
    bound[largest] += waves * loops * active * streams[largest];
  }
}

/**
 * Time of a layer: every SM runs n = ceil(CTAs/SMs) CTAs, `active` at a time; full waves, then one of those left over
 * (docs/model.md, 4.3).
 */
export function layerTime(tile: Tile, tiling: Tiling, active: number, traffic: Traffic, gpu: Gpu): LayerTime {
  const streams = loopStreams(tile, tiling, traffic, gpu);
  const load = loadStream(streams, gpu);
  const ctasPerSm = Math.ceil(tiling.ctas / gpu.smCount);
  const wave = Math.min(active, ctasPerSm);
  const rest = ctasPerSm % wave;

  const bound = zeroPerBottleneck();
  addWaves(bound, (ctasPerSm - rest) / wave, wave, tiling.loops, tile, streams, load, gpu);
  if (rest > 0) addWaves(bound, 1, rest, tiling.loops, tile, streams, load, gpu);

  const loopsPerSm = (tiling.ctas / gpu.smCount) * tiling.loops;
  const busy: PerStream = {
    ...zeroPerStream(),
    compute: loopsPerSm * streams.compute,
    smem: loopsPerSm * streams.smem,
    l1: loopsPerSm * streams.l1,
    l2: loopsPerSm * streams.l2,
    dram: dramBytes(traffic) / gpu.dramBytesPerS,
  };
  return { seconds: bound.compute + bound.smem + bound.l1 + bound.l2 + bound.dram + bound.latency, busy, bound };
}
