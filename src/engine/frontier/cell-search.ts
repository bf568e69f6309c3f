/** Branch and bound over the designs of a cell (docs/model.md, 16.5). */
import { BoxBounds, type Box } from './box-bounds.js';
import { RATE_FIELDS } from '../../model/resources.js';
import type { Ranges, WorkRange } from '../../model/time-bounds.js';
import type { SearchedCell } from './cells.js';
import { sizeOf, type Lists } from './lists.js';
import type { RateDigit } from './rate-digits.js';
import type { Staircase } from './staircase.js';

/** A box of at most this many designs is not bounded any further: each of its designs is evaluated. */
const FEW_DESIGNS = 12;

/** A box that shrinks by this factor is bounded again before it is halved. */
const WORTH_ANOTHER = 4;

/** What a search has done. */
export interface SearchCounts {
  /** Designs whose own time was computed, and boxes that were bounded. */
  designs: number;
  boxes: number;
}

export class CellSearch {
  readonly counts: SearchCounts = { designs: 0, boxes: 0 };
  private readonly bounds: BoxBounds;
  private readonly design: Ranges = {
    least: new Float64Array(RATE_FIELDS.length),
    most: new Float64Array(RATE_FIELDS.length),
  };
  private current!: SearchedCell;
  private staircase!: Staircase;

  /**
   * @param better designs have to be faster than the front so far by this factor's logarithm; 0 proves the front
   * @param found takes a design that may be on the front, its digits set; whether all designs of the cell compete with it
   */
  constructor(
    private readonly rateDigits: readonly RateDigit[],
    better: number,
    private readonly found: (logTime: number, area: number, work: WorkRange) => boolean,
  ) {
    this.bounds = new BoxBounds(rateDigits, better);
  }

  /** Finds the designs of a cell that may be on the front, of which the staircase has those so far. */
  search(cell: SearchedCell, staircase: Staircase): void {
    this.current = cell;
    this.staircase = staircase;
    const lists = cell.constraints.narrow(cell.lists);
    if (!lists) return;
    const stack: Box[] = [this.bounds.begin(cell, staircase, lists)];
    for (let box = stack.pop(); box; box = stack.pop()) {
      const rest = this.reduce(box);
      if (rest) stack.push(...this.split(rest));
    }
  }

  /** What is left of a box after bounding it; undefined where nothing is. Small boxes are looked through at once. */
  private reduce(box: Box): Box | undefined {
    for (let { lists, tangents } = box; ;) {
      const size = sizeOf(lists);
      if (size <= FEW_DESIGNS) {
        this.lookThrough(lists, size);
        return undefined;
      }
      this.counts.boxes++;
      const left = this.bounds.narrow({ lists, tangents });
      const kept = left && this.constrained(left.lists, lists);
      if (!kept) return undefined;
      [lists, tangents] = [kept, left.tangents];
      const now = sizeOf(lists);
      if (now > size / WORTH_ANOTHER && now > FEW_DESIGNS) return { lists, tangents };
    }
  }

  /** Lists without values that constraints rule out, where they are other ones than before. */
  private constrained(lists: Lists, before: Lists): Lists | undefined {
    return lists === before ? lists : this.current.constraints.narrow(lists);
  }

  /** Halves a box along its widest digit; the better half comes last, to be looked at first. */
  private split(box: Box): Box[] {
    const { digit, best } = this.bounds.widest(box);
    const values = this.rateDigits[digit]!.values[0]!;
    const sorted = box.lists[digit]!.slice().sort((a, b) => values[a]! - values[b]!);
    const middle = sorted.length >> 1;
    const halves = [sorted.subarray(0, middle), sorted.subarray(middle)];
    if (halves[0]!.includes(best)) halves.reverse();
    return halves.flatMap((half) => {
      const lists = this.current.constraints.narrow(box.lists.map((list, d) => (d === digit ? half : list)));
      return lists ? [{ lists, tangents: box.tangents }] : [];
    });
  }

  /** Looks at every design of a small box. */
  private lookThrough(lists: Lists, size: number): void {
    const { digits, constraints, areas, bounds } = this.current;
    const { least, most } = this.design;
    least.set(this.current.fixed);
    for (let n = 0; n < size; n++) {
      let area = areas.base;
      for (let d = lists.length - 1, rest = n; d >= 0; d--) {
        const { digit, fields, values } = this.rateDigits[d]!;
        const list = lists[d]!;
        const value = list[rest % list.length]!;
        rest = Math.floor(rest / list.length);
        digits[digit] = value;
        area += areas.added[d]![value]!;
        for (let i = 0; i < fields.length; i++) least[fields[i]!] = values[i]![value]!;
      }
      if (!constraints.acceptsDesign()) continue;
      most.set(least);
      this.counts.designs++;
      const logTime = Math.log(bounds.leastSeconds(this.design));
      if (!this.staircase.admits(logTime, area)) continue;
      if (this.found(logTime, area, bounds.workAt(least))) this.staircase.add(logTime, area);
    }
  }
}
