/** How a CTA comes back to IFmap lines: a replay of a few CTAs, once per layer and tile (docs/model.md, 10.2: P4). */
import { LineGaps, SECTORS_PER_LINE } from './line-gaps.js';
import { streamPeriod } from './period.js';
import { replaySpan, represented, type ReplaySpan } from './replay-span.js';
import { ifmapStream, streamRoom } from './sectors.js';
import { LINE_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** CTAs replayed, loads measured in each, and the most k-blocks measured and held apart. */
const REPLAYS = 6;
const MEASURED_LOADS = 16_000;
const MAX_MEASURED_BLOCKS = 200;
export const MAX_LAG = 96;
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
 * scaled to the requests of P1. Where the loads repeat, a period stands for all that follow: NO_PERIOD replays every k-block
 * and gives the same.
 */
export function ifmapReuse(layer: TiledLayer, requests: number, period = streamPeriod(layer)): IfmapReuse {
  const ctaRequests = requests / layer.fullRows;
  const fullTiles = Math.max(1, Math.floor(layer.m / layer.tileM));
  const replays = Math.min(REPLAYS, fullTiles);
  const { warm, measured } = replayedBlocks(layer, ctaRequests);
  const blocks = Math.min(warm + measured, period.reach + period.blocks);
  const room = roomFor(layer, blocks);
  const tally = emptyTally(Math.min(MAX_LAG, blocks));
  for (let i = 0; i < replays; i++) {
    const spread = (0.5 + i * GOLDEN_STEP) % 1;
    const row = Math.floor(((i + spread) / replays) * fullTiles);
    const latest = layer.loops - measured;
    const start = Math.min(latest, Math.max(Math.floor(spread * (latest + 1)), warm));
    replay(layer, row, replaySpan(Math.max(0, start - warm), start, start + measured, period), room, tally);
  }
  return scaled(tally, tally.requests === 0 ? 0 : ctaRequests / tally.requests);
}

function emptyTally(lags: number): Tally {
  return {
    requests: 0,
    firstTouches: 0,
    lines: 0,
    sectors: new Float64Array(lags * BUCKETS),
    distances: new Float64Array(lags * BUCKETS),
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

/** What a replay works in. */
interface Room {
  gaps: LineGaps;
  sectors: Float64Array;
}

/** Room for replays of so many k-blocks, made once: it takes about as long to make as to use. */
function roomFor(layer: TiledLayer, blocks: number): Room {
  const sectors = streamRoom(layer, blocks);
  const lines = Math.min(sectors.length, linesInReach(layer, blocks));
  return { gaps: new LineGaps(sectors.length, lines), sectors };
}

/** Not less than the lines that a CTA touches in so many k-blocks: of each plane those in the input rows of its output rows. */
function linesInReach(layer: TiledLayer, blocks: number): number {
  const images = Math.ceil(layer.tileM / (layer.outHeight * layer.outWidth)) + 1;
  const channels = Math.ceil((blocks * layer.tileK) / layer.taps) + 1;
  const outRows = Math.ceil(layer.tileM / layer.outWidth) + 1;
  const rows = Math.min(layer.inHeight, outRows * layer.strideHeight + layer.filterHeight);
  return images * channels * (Math.ceil((rows * layer.inWidth) / LINE_ELEMENTS) + 1);
}

/** Replays CTA row `row` over a span. */
function replay(layer: TiledLayer, row: number, span: ReplaySpan, { gaps, sectors }: Room, tally: Tally): void {
  const { blockStarts } = ifmapStream(layer, row, span.from, span.from + span.blocks, sectors);
  // How the lines of each k-block, touched last in it, were after each measured k-block.
  const lastLinesAt: Int32Array[] = [];
  gaps.clear(span.blocks);
  for (let block = 0; block < span.blocks; block++) {
    const weight = represented(span, block);
    const [start, end] = [blockStarts[block]!, blockStarts[block + 1]!];
    const linesBefore = gaps.lines;
    const firstTouches = replayBlock(gaps, block, sectors, start, end, weight, tally);
    if (weight === 0) continue;
    tally.requests += weight * (end - start);
    tally.firstTouches += weight * firstTouches;
    tally.lines += weight * (gaps.lines - linesBefore);
    lastLinesAt.push(gaps.lastLines.slice(0, block + 1));
  }
  const ofPeriod = gaps.lastLines.subarray(0, span.period);
  for (const lines of lastLinesAt) addWindows(tally, span, lines, ofPeriod);
}

/** Loads the sectors from index `start` to `end`; returns how many are loaded for the first time. */
function replayBlock(
  gaps: LineGaps,
  block: number,
  sectors: Float64Array,
  start: number,
  end: number,
  weight: number,
  tally: Tally,
): number {
  const { lags, distances } = gaps;
  let firstTouches = 0;
  for (let i = start; i < end;) {
    const line = Math.floor(sectors[i]! / SECTORS_PER_LINE);
    // As long as the line stays the same it lies on top of the stack.
    const lineEnd = (line + 1) * SECTORS_PER_LINE;
    const toPlace = gaps.touch(line, block) - line * SECTORS_PER_LINE;
    let sector = sectors[i]!;
    do {
      const place = sector + toPlace;
      if (lags[place]! < 0) firstTouches++;
      else if (weight > 0) addRetouches(tally, lags[place]!, distances[place]!, weight);
      lags[place] = distances[place] = 0;
      if (++i === end) break;
      sector = sectors[i]!;
    } while (sector >= lineEnd - SECTORS_PER_LINE && sector < lineEnd);
  }
  return firstTouches;
}

function bucketOf(distance: number): number {
  if (distance < EXACT_BUCKETS) return distance;
  const octaves = Math.log2(distance / EXACT_BUCKETS);
  return Math.min(BUCKETS - 1, EXACT_BUCKETS + Math.floor(BUCKETS_PER_OCTAVE * octaves));
}

/** The buckets of the distances that are common. */
const BUCKET_OF = Uint8Array.from({ length: 1024 }, (_, distance) => bucketOf(distance));

function addRetouches(tally: Tally, lag: number, distance: number, sectors: number): void {
  const cell = (lag < MAX_LAG ? lag : MAX_LAG - 1) * BUCKETS + (BUCKET_OF[distance] ?? bucketOf(distance));
  tally.sectors[cell]! += sectors;
  tally.distances[cell]! += sectors * distance;
}

/**
 * Adds the windows of 1, 2, .. k-blocks that end with a replayed k-block or with one that it stands for. `lastLines` are those
 * of the k-blocks up to it; before them come those of the period, again and again.
 */
function addWindows(
  { windowLines, windows }: Tally,
  span: ReplaySpan,
  lastLines: Int32Array,
  ofPeriod: Int32Array,
): void {
  const end = lastLines.length - 1;
  let ofBlocks = lastLines;
  let lines = 0;
  for (let length = 1, block = end; length < MAX_LAG; length++, block--) {
    const count = represented(span, end, length - 1);
    if (count === 0) break;
    if (block < 0) {
      ofBlocks = ofPeriod;
      block += ofPeriod.length;
    }
    lines += ofBlocks[block]!;
    windowLines[length]! += count * lines;
    windows[length]! += count;
  }
}

function scaled(tally: Tally, scale: number): IfmapReuse {
  const cells: number[] = [];
  for (let cell = 0; cell < tally.sectors.length; cell++) if (tally.sectors[cell]! > 0) cells.push(cell);
  const cellSectors = Float64Array.from(cells, (cell) => tally.sectors[cell]! * scale);
  const cellLag = Int32Array.from(cells, (cell) => Math.floor(cell / BUCKETS));
  const windows = tally.windows.findIndex((count, length) => length > 0 && count === 0);
  return {
    requests: tally.requests * scale,
    firstTouches: tally.firstTouches * scale,
    lines: tally.lines * scale,
    cellLag,
    cellDistance: Float64Array.from(cells, (cell) => tally.distances[cell]! / tally.sectors[cell]!),
    cellSectors,
    sameBlock: cellSectors.reduce((sum, sectors, i) => (cellLag[i] === 0 ? sum + sectors : sum), 0),
    windowLines: tally.windowLines
      .subarray(0, windows < 0 ? MAX_LAG : windows)
      .map((sum, length) => (length === 0 ? 0 : sum / tally.windows[length]!)),
  };
}
