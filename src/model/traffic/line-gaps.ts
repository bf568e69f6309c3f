import { LruStack } from './lru-stack.js';
import { LINE_ELEMENTS, SECTOR_ELEMENTS } from './tiled-layer.js';

export const SECTORS_PER_LINE = LINE_ELEMENTS / SECTOR_ELEMENTS;

const NEVER = -1;

/** The lines that a CTA has touched, and the longest gaps that their sectors came through since they were fetched last. */
export class LineGaps {
  /** Lines so far. */
  lines = 0;
  /** By k-block: lines that were touched last in it. */
  lastLines = new Int32Array(0);
  private readonly stack: LruStack;
  /** By line: the k-block of its last touch. */
  private readonly lastBlock: Int32Array;
  /** By 4 times the line plus the sector: the longest lag and distance of its line since the sector was fetched last; a lag of NEVER if it was not. */
  readonly lags: Int32Array;
  readonly distances: Int32Array;

  /** @param touches the most touches that will come, and `lines` the most different lines */
  constructor(touches: number, lines: number) {
    this.stack = new LruStack(touches, lines);
    this.lastBlock = new Int32Array(lines);
    this.lags = new Int32Array(lines * SECTORS_PER_LINE);
    this.distances = new Int32Array(lines * SECTORS_PER_LINE);
  }

  /** Forgets all lines; touches in so many k-blocks will come. */
  clear(blocks: number): void {
    this.lines = 0;
    this.lastLines = new Int32Array(blocks);
    this.stack.clear();
  }

  /** Touches a line in a k-block; returns the place of its first sector. */
  touch(line: number, block: number): number {
    const id = this.stack.touch(line);
    const first = id * SECTORS_PER_LINE;
    if (this.stack.distance < 0) {
      this.lines++;
      for (let place = first; place < first + SECTORS_PER_LINE; place++) this.lags[place] = NEVER;
    } else {
      const last = this.lastBlock[id]!;
      this.lastLines[last]! -= 1;
      this.lengthen(first, block - last, this.stack.distance);
    }
    this.lastBlock[id] = block;
    this.lastLines[block]! += 1;
    return first;
  }

  /** What was fetched of a line's sectors has come through a gap. */
  private lengthen(first: number, lag: number, distance: number): void {
    const { lags, distances } = this;
    for (let place = first; place < first + SECTORS_PER_LINE; place++) {
      if (lags[place] === NEVER) continue;
      if (lag > lags[place]!) lags[place] = lag;
      if (distance > distances[place]!) distances[place] = distance;
    }
  }
}
