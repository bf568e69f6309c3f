/** Which CTA runs which k-block when, and where (docs/model.md, 9.4). */
import { randomFrom } from './random.js';

// By name: in a test's context every look-up of a global takes longer than what these do.
const { floor, min } = Math;
const NEVER = Infinity;

export interface Schedule {
  rows: number;
  columns: number;
  /** k-blocks of a CTA. */
  loops: number;
  smCount: number;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  /** What a CTA gets of an SM's speed, of what the next older one gets; 1: all the same. */
  share: number;
  /** The most of an SM's speed that one of several CTAs gets. */
  most: number;
  /** Random part of a CTA's speed, either way. */
  spread: number;
  seed: number;
}

/** What a schedule calls. */
export interface Steps {
  /** One k-block of the tile at a row and a column, on an SM. */
  load: (row: number, column: number, kBlock: number, sm: number) => void;
  /** The CTA has done its last k-block, and writes its results. */
  end: (row: number, column: number) => void;
}

/** A CTA on an SM. */
interface Resident {
  row: number;
  column: number;
  /** k-blocks done, whole ones counted and the one at work in part. */
  done: number;
  place: number;
  speed: number;
}

/**
 * Runs all CTAs in the order of columns: each SM takes the next one when it has a free slot, and shares its speed among those
 * it has by age, oldest first. Events of all SMs are in the order of time.
 */
export function runByAge(schedule: Schedule, { load, end }: Steps, onBlocks: (done: number) => void): void {
  const { rows, columns, loops, smCount, activeCtas, spread, seed } = schedule;
  const random = randomFrom(seed);
  const ctas = rows * columns;
  let next = 0;
  const take = (): Resident => {
    const cta = next++;
    const speed = 1 + spread * (2 * random() - 1);
    return { row: cta % rows, column: floor(cta / rows), done: 0, place: 0, speed };
  };
  const sms = Array.from({ length: min(smCount, ctas) }, (_, sm) => new Sm(sm, schedule));
  for (let slot = 0; slot < activeCtas; slot++) for (const sm of sms) if (next < ctas) sm.residents.push(take());
  const queue = new EventQueue(sms);
  let blocks = 0;
  for (let sm = queue.first; sm.nextTime < NEVER; sm = queue.first) {
    const cta = sm.advance();
    if (cta.done < loops) {
      load(cta.row, cta.column, cta.done, sm.index);
      blocks++;
      if (blocks % smCount === 0) onBlocks(blocks);
    }
    cta.done++;
    if (cta.done >= loops) {
      end(cta.row, cta.column);
      sm.residents.splice(sm.residents.indexOf(cta), 1);
      if (next < ctas) sm.residents.push(take());
    }
    sm.schedule();
    queue.settle();
  }
  onBlocks(blocks);
}

class Sm {
  /** Oldest first. */
  readonly residents: Resident[] = [];
  nextTime = NEVER;
  private time = 0;
  private following: Resident | undefined;
  private readonly rates: number[] = [];
  /** Shares by age, by the number of CTAs. */
  private readonly shares: number[][] = [];

  constructor(
    readonly index: number,
    private readonly settings: Pick<Schedule, 'share' | 'most'>,
  ) {}

  /** Goes to the time at which a CTA has done its next k-block; that CTA. */
  advance(): Resident {
    const step = this.nextTime - this.time;
    for (let age = 0; age < this.residents.length; age++) this.residents[age]!.place += step * this.rates[age]!;
    this.time = this.nextTime;
    const cta = this.following!;
    cta.place = cta.done + 1;
    return cta;
  }

  private sharesOf(ctas: number): number[] {
    return (this.shares[ctas] ??= sharesByAge(ctas, this.settings));
  }

  /** Finds the next event, after a change. */
  schedule(): void {
    const { residents, rates, time } = this;
    const shares = this.sharesOf(residents.length);
    this.nextTime = NEVER;
    for (let age = 0; age < residents.length; age++) {
      const cta = residents[age]!;
      rates[age] = shares[age]! * cta.speed;
      const at = time + (cta.done + 1 - cta.place) / rates[age]!;
      if (at >= this.nextTime) continue;
      this.nextTime = at;
      this.following = cta;
    }
  }
}

/** Shares of an SM's speed, oldest CTA first: what is above the most goes to the next ones. */
export function sharesByAge(ctas: number, { share, most }: Pick<Schedule, 'share' | 'most'>): number[] {
  const weights = Array.from({ length: ctas }, (_, age) => share ** age);
  const sum = weights.reduce((a, b) => a + b, 0);
  const limit = ctas > 1 ? most : 1;
  const shares = weights.map((weight) => min(limit, weight / sum));
  let left = 1 - shares.reduce((a, b) => a + b, 0);
  for (let age = 0; age < ctas && left > 1e-12; age++) {
    const more = min(left, limit - shares[age]!);
    shares[age]! += more;
    left -= more;
  }
  return shares;
}

/** The SMs as a heap, the one with the next event first; the first of equals by index. */
class EventQueue {
  private readonly heap: Sm[];

  constructor(sms: readonly Sm[]) {
    this.heap = [...sms];
    for (const sm of this.heap) sm.schedule();
    for (let at = (this.heap.length >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  get first(): Sm {
    return this.heap[0]!;
  }

  /** Puts the first SM where its next event belongs. */
  settle(): void {
    this.sink(0);
  }

  private sink(from: number): void {
    const { heap } = this;
    const sm = heap[from]!;
    let at = from;
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, sm)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = sm;
  }
}

const isBefore = (a: Sm, b: Sm) => a.nextTime < b.nextTime || (a.nextTime === b.nextTime && a.index < b.index);
