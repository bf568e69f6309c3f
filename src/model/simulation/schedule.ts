/** Which CTA runs which k-block when, and where (docs/model.md, 9.4). */
import { randomFrom } from './random.js';

/** How CTAs are dealt out to the tiles: down the columns first, or along the rows first. */
export const CTA_ORDERS = ['column-major', 'row-major'] as const;
export type CtaOrder = (typeof CTA_ORDERS)[number];

export interface Schedule {
  rows: number;
  columns: number;
  /** k-blocks of a CTA. */
  loops: number;
  smCount: number;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  order: CtaOrder;
  /** Most rounds by which a slot starts late. */
  stagger: number;
  /** Probability that a slot skips a round. */
  stalls: number;
  seed: number;
}

/** Runs one k-block of the tile at a row and a column on an SM. */
export type Step = (row: number, column: number, kBlock: number, sm: number) => void;

/**
 * Calls `step` for every k-block of every CTA: round after round, slot after slot. Slot s belongs to SM s mod SMs; where
 * a CTA ends, the next one in order starts in the round after.
 */
export function runInRounds(schedule: Schedule, step: Step, onRound: (blocksDone: number) => void): void {
  const { loops, smCount, stalls } = schedule;
  const slots = new Slots(schedule);
  const blocks = schedule.rows * schedule.columns * loops;
  for (let done = 0; done < blocks; onRound(done))
    for (let slot = 0; slot < slots.count; slot++) {
      if (!slots.isLive(slot) || (stalls > 0 && slots.random() < stalls)) continue;
      const kBlock = slots.advance(slot);
      if (kBlock < 0) continue;
      step(slots.row[slot]!, slots.column[slot]!, kBlock, slot % smCount);
      if (kBlock === loops - 1) slots.startNext(slot);
      done++;
    }
}

/** What each slot runs: a CTA's row and column, and its next k-block, below 0 while the slot waits to start. */
class Slots {
  readonly count: number;
  readonly row: Int32Array;
  readonly column: Int32Array;
  readonly random: () => number;
  private readonly kBlock: Int32Array;
  private readonly ctas: number;
  private nextCta = 0;

  constructor(private readonly schedule: Schedule) {
    const { rows, columns, smCount, activeCtas, stagger, seed } = schedule;
    this.ctas = rows * columns;
    this.count = Math.min(smCount * activeCtas, this.ctas);
    this.random = randomFrom(seed);
    this.row = new Int32Array(this.count);
    this.column = new Int32Array(this.count);
    this.kBlock = new Int32Array(this.count);
    for (let slot = 0; slot < this.count; slot++) this.startNext(slot);
    if (stagger > 0) this.kBlock.forEach((_, slot) => (this.kBlock[slot] = -Math.floor(this.random() * (stagger + 1))));
  }

  isLive(slot: number): boolean {
    return this.row[slot]! >= 0;
  }

  /** The k-block that the slot runs now. */
  advance(slot: number): number {
    return this.kBlock[slot]!++;
  }

  /** Gives the slot the next CTA; it ends if there is none. */
  startNext(slot: number): void {
    const { rows, columns, order } = this.schedule;
    const cta = this.nextCta++;
    const [row, column] =
      order === 'column-major' ? [cta % rows, Math.floor(cta / rows)] : [Math.floor(cta / columns), cta % columns];
    this.row[slot] = cta < this.ctas ? row : -1;
    this.column[slot] = column;
    this.kBlock[slot] = 0;
  }
}
