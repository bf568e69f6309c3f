/** How a CTA comes back to IFmap lines: a replay of a few CTAs, once per layer and tile (docs/model.md, 10.2: P4). */
import { LruStack } from './lru-stack.js';
import { ifmapStream } from './sectors.js';
import { LINE_ELEMENTS, SECTOR_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** CTAs replayed, loads measured in each, and the most k-blocks measured and held apart. */
const REPLAYS = 6;
const MEASURED_LOADS = 16_000;
const MAX_MEASURED_BLOCKS = 200;
export const MAX_LAG = 96;
const SECTORS_PER_LINE = LINE_ELEMENTS / SECTOR_ELEMENTS;
const GOLDEN_STEP = 0.618034;

/** Distance buckets: exact below 16 lines, then 8 an octave. */
const EXACT_BUCKETS = 16;
const BUCKETS_PER_OCTAVE = 8;
const BUCKETS = 96;

/** The IFmap loads of one full CTA over its K loop, in sectors; distances in lines. */
export interface IfmapReuse {
  requests: number;
  /** Sectors that the CTA loads for the first time. */
  firstTouches: number;
  /** Distinct lines of the CTA. */
  lines: number;
  /** Lines that come new in a k-block, averaged over the new lines: they come in bursts, a channel's first taps bringing most. */
  newLinesBurst: number;
  /**
   * Re-touches, as cells of (lag, distance, sectors): the sector was last loaded `lag` k-blocks ago and its line lay at most
   * `distance` other lines deep in the CTA's own LRU stack since. Ascending in lag.
   */
  cellLag: Int32Array;
  cellDistance: Float64Array;
  cellSectors: Float64Array;
  /** Re-touches within one k-block, in sectors. */
  sameBlock: number;
  /** Distinct lines in a window of j k-blocks, j = 0 .. length - 1. */
  windowLines: Float64Array;
}

/** What the replays add up. */
interface Tally {
  requests: number;
  firstTouches: number;
  lines: number;
  /** The sum of the squares of the new lines of each k-block. */
  squaredNewLines: number;
  /** By lag and bucket: re-touches and the sum of their distances. */
  sectors: Float64Array;
  distances: Float64Array;
  /** By window length: sum of distinct lines, and windows. */
  windowLines: Float64Array;
  windows: Float64Array;
}

/**
 * P4: a sector hits in a CTA's own stream only if its line survived every gap since the sector was last fetched: the
 * re-touches of a few replayed CTAs, by lag in k-blocks and by the largest LRU distance of their line since then,
 * scaled to the requests of P1.
 */
export function ifmapReuse(layer: TiledLayer, requests: number): IfmapReuse {
  const ctaRequests = requests / layer.fullRows;
  const tally = emptyTally();
  const fullTiles = Math.max(1, Math.floor(layer.m / layer.tileM));
  const replays = Math.min(REPLAYS, fullTiles);
  const { warm, measured } = replayedBlocks(layer, ctaRequests);
  for (let i = 0; i < replays; i++) {
    const spread = (0.5 + i * GOLDEN_STEP) % 1;
    const row = Math.floor(((i + spread) / replays) * fullTiles);
    const latest = layer.loops - measured;
    const start = Math.min(latest, Math.max(Math.floor(spread * (latest + 1)), warm));
    replay(layer, row, Math.max(0, start - warm), start, start + measured, tally);
  }
  return scaled(tally, tally.requests === 0 ? 0 : ctaRequests / tally.requests);
}

function emptyTally(): Tally {
  return {
    requests: 0,
    firstTouches: 0,
    lines: 0,
    squaredNewLines: 0,
    sectors: new Float64Array(MAX_LAG * BUCKETS),
    distances: new Float64Array(MAX_LAG * BUCKETS),
    windowLines: new Float64Array(MAX_LAG),
    windows: new Float64Array(MAX_LAG),
  };
}

/** K-blocks to warm up (a channel's taps) and to measure (at least a channel's taps again, and about 16,000 loads). */
function replayedBlocks(layer: TiledLayer, ctaRequests: number): { warm: number; measured: number } {
  const warm = Math.floor(layer.taps / layer.tileK) + 2;
  const loadsPerBlock = ctaRequests / layer.loops;
  const least = Math.max(4, Math.ceil(layer.taps / layer.tileK));
  const wanted = Math.max(least, Math.floor(MEASURED_LOADS / loadsPerBlock) - warm);
  return { warm, measured: Math.min(wanted, MAX_MEASURED_BLOCKS, layer.loops) };
}

/** Replays CTA row `row` from k-block `from`, counting from `start` to `end`. */
function replay(layer: TiledLayer, row: number, from: number, start: number, end: number, tally: Tally): void {
  const { sectors, blockStarts } = ifmapStream(layer, row, from, end);
  const stack = new LruStack(sectors.length);
  const lastBlock = new Int32Array(sectors.length);
  // Per line and sector: fetched before; the longest lag and distance of the line since then.
  const fetched = new Uint8Array(sectors.length * SECTORS_PER_LINE);
  const lags = new Int32Array(sectors.length * SECTORS_PER_LINE);
  const distances = new Int32Array(sectors.length * SECTORS_PER_LINE);
  for (let block = 0; block < end - from; block++) {
    const measuring = block >= start - from;
    const linesBefore = tally.lines;
    for (let i = blockStarts[block]!; i < blockStarts[block + 1]!; i++) {
      const sector = sectors[i]!;
      const line = stack.touch(Math.floor(sector / SECTORS_PER_LINE));
      const slot = line * SECTORS_PER_LINE + (sector % SECTORS_PER_LINE);
      if (stack.distance >= 0) lengthenGaps(lags, distances, line, block - lastBlock[line]!, stack.distance);
      if (measuring) {
        tally.requests++;
        if (stack.distance < 0) tally.lines++;
        if (fetched[slot]) addRetouch(tally, lags[slot]!, distances[slot]!);
        else tally.firstTouches++;
      }
      fetched[slot] = 1;
      lags[slot] = distances[slot] = 0;
      lastBlock[line] = block;
    }
    tally.squaredNewLines += (tally.lines - linesBefore) ** 2;
    if (measuring) addWindows(tally, stack, blockStarts, block);
  }
}

function lengthenGaps(lags: Int32Array, distances: Int32Array, line: number, lag: number, distance: number): void {
  for (let slot = line * SECTORS_PER_LINE; slot < (line + 1) * SECTORS_PER_LINE; slot++) {
    if (lag > lags[slot]!) lags[slot] = lag;
    if (distance > distances[slot]!) distances[slot] = distance;
  }
}

function bucketOf(distance: number): number {
  if (distance < EXACT_BUCKETS) return distance;
  const octaves = Math.log2(distance / EXACT_BUCKETS);
  return Math.min(BUCKETS - 1, EXACT_BUCKETS + Math.floor(BUCKETS_PER_OCTAVE * octaves));
}

function addRetouch(tally: Tally, lag: number, distance: number): void {
  const cell = Math.min(lag, MAX_LAG - 1) * BUCKETS + bucketOf(distance);
  tally.sectors[cell]! += 1;
  tally.distances[cell]! += distance;
}

/** Adds the windows of 1, 2, .. k-blocks that end with `block`. */
function addWindows(tally: Tally, stack: LruStack, blockStarts: Int32Array, block: number): void {
  for (let length = 1; length < MAX_LAG && length <= block + 1; length++) {
    tally.windowLines[length]! += stack.keysSince(blockStarts[block - length + 1]!);
    tally.windows[length]! += 1;
  }
}

function scaled(tally: Tally, scale: number): IfmapReuse {
  const cells = [...tally.sectors.keys()].filter((cell) => tally.sectors[cell]! > 0);
  const cellSectors = Float64Array.from(cells, (cell) => tally.sectors[cell]! * scale);
  const cellLag = Int32Array.from(cells, (cell) => Math.floor(cell / BUCKETS));
  const windows = tally.windows.findIndex((count, length) => length > 0 && count === 0);
  return {
    requests: tally.requests * scale,
    firstTouches: tally.firstTouches * scale,
    lines: tally.lines * scale,
    newLinesBurst: tally.squaredNewLines / Math.max(1, tally.lines),
    cellLag,
    cellDistance: Float64Array.from(cells, (cell) => tally.distances[cell]! / tally.sectors[cell]!),
    cellSectors,
    sameBlock: cellSectors.reduce((sum, sectors, i) => (cellLag[i] === 0 ? sum + sectors : sum), 0),
    windowLines: tally.windowLines
      .subarray(0, windows < 0 ? MAX_LAG : windows)
      .map((sum, length) => (length === 0 ? 0 : sum / tally.windows[length]!)),
  };
}
