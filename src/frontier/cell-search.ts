/** Branch and bound over the designs of a cell (docs/model.md, 16.4 and 16.5). */
import type { BoxConstraints } from './box-constraints.js';
import { type Lists } from './box-constraints.js';
import { RATE_FIELDS, RATES, type Cell, type Ranges } from './cell.js';
import type { CellAreas, RateDigit } from './rate-digits.js';
import { SLACK, type Staircase, type Zones } from './staircase.js';

/** Boxes of so many designs, at most, are not bounded any further: each design is looked at. */
const FEW_DESIGNS = 12;

/** Zones that a box is held against, at most, and prices of area that it is bounded at. */
const MOST_ZONES = 16;
const PRICES = 6;

/** Tangents that a box is bounded by. */
const TANGENTS = 2;

/** A tangent of the logarithm of a cell's time: constant - sum of slope x ln rate over the rates that its digits set. */
interface Tangent {
  constant: number;
  slopes: Float64Array;
}

interface Box {
  lists: Lists;
  tangents: readonly Tangent[];
}

/** What a search has done. */
export interface SearchCounts {
  /** Designs whose own time was worked out, and boxes that were bounded. */
  designs: number;
  boxes: number;
}

export interface SearchedCell {
  cell: Cell;
  areas: CellAreas;
  /** The values of its rate digits that are to be searched. */
  lists: Lists;
  /** Rates and latencies of the cell that no digit sets. */
  fixed: Float64Array;
  constraints: BoxConstraints;
  /** A point's digits, those of the cell set. */
  digits: Int32Array;
}

export class CellSearch {
  readonly counts: SearchCounts = { designs: 0, boxes: 0 };
  private readonly zones: Zones = {
    count: 0,
    logTimes: new Float64Array(MOST_ZONES),
    areas: new Float64Array(MOST_ZONES),
  };
  private readonly ranges: Ranges = {
    least: new Float64Array(RATE_FIELDS.length),
    most: new Float64Array(RATE_FIELDS.length),
  };
  private readonly point = new Float64Array(RATE_FIELDS.length);
  private readonly prices = new Float64Array(PRICES + 1);
  /** For each price: the bound of ln T + price x area, and the tangent that it is from. */
  private readonly bounds = new Float64Array(PRICES + 1);
  private readonly chosen = new Int32Array(PRICES + 1);
  /** By price and value of the digit at hand: ln T + price x area of its values less their least. */
  private readonly cheapest: Float64Array[];
  private readonly best: Int32Array;
  private current!: SearchedCell;
  private staircase!: Staircase;

  /**
   * @param better designs have to be faster than the front so far by this factor's logarithm; 0 proves the front
   * @param found takes a design that may be on the front, its digits set
   */
  constructor(
    private readonly rateDigits: readonly RateDigit[],
    private readonly better: number,
    private readonly found: (logTime: number, area: number) => void,
  ) {
    this.cheapest = Array.from({ length: PRICES + 1 }, () => new Float64Array(rateDigits.length));
    this.best = new Int32Array(rateDigits.length);
  }

  /** Finds the designs of a cell that may be on the front, of which the staircase has those so far. */
  search(cell: SearchedCell, staircase: Staircase): void {
    this.current = cell;
    this.staircase = staircase;
    const lists = cell.constraints.narrow(cell.lists);
    if (!lists) return;
    const stack: Box[] = [{ lists, tangents: [this.firstTangent(lists)] }];
    for (let box = stack.pop(); box; box = stack.pop()) {
      const rest = this.bound(box);
      if (rest) stack.push(...this.split(rest));
    }
  }

  /** The tangent in the middle of a box. */
  private firstTangent(lists: Lists): Tangent {
    this.setRanges(lists);
    lists.forEach((list, d) => (this.best[d] = list[list.length >> 1]!));
    return this.tangentAtBest();
  }

  /** What is left of a box after bounding it; undefined where nothing is. Small boxes are looked through at once. */
  private bound(box: Box): Box | undefined {
    let { lists, tangents } = box;
    for (;;) {
      const size = sizeOf(lists);
      if (size <= FEW_DESIGNS) {
        this.lookThrough(lists, size);
        return undefined;
      }
      this.counts.boxes++;
      this.setRanges(lists);
      const seconds = this.current.cell.leastSeconds(this.ranges);
      const [least, most] = this.areaRange(lists);
      this.staircase.findZones(Math.log(seconds), least, most, this.better, this.zones);
      if (this.zones.count === 0) return undefined;
      this.choosePrices();
      tangents = this.newTangents(lists, tangents);
      this.boundAtPrices(lists, tangents);
      this.dropClosedZones();
      if (this.zones.count === 0) return undefined;
      const kept = this.dropValues(lists, tangents);
      if (!kept) return undefined;
      const narrowed = kept === lists ? lists : this.current.constraints.narrow(kept);
      if (!narrowed) return undefined;
      lists = narrowed;
      if (sizeOf(lists) > size / 4 && sizeOf(lists) > FEW_DESIGNS) return { lists, tangents };
    }
  }

  private setRanges(lists: Lists): void {
    const { least, most } = this.ranges;
    least.set(this.current.fixed);
    most.set(this.current.fixed);
    for (let d = 0; d < lists.length; d++) {
      const { fields, values } = this.rateDigits[d]!;
      const list = lists[d]!;
      for (let i = 0; i < fields.length; i++) {
        const all = values[i]!;
        let [low, high] = [all[list[0]!]!, all[list[0]!]!];
        for (let v = 1; v < list.length; v++) {
          const value = all[list[v]!]!;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        least[fields[i]!] = low;
        most[fields[i]!] = high;
      }
    }
  }

  private areaRange(lists: Lists): [number, number] {
    const { base, added } = this.current.areas;
    let [least, most] = [base, base];
    for (let d = 0; d < lists.length; d++) {
      const list = lists[d]!;
      const mm2 = added[d]!;
      let [low, high] = [mm2[list[0]!]!, mm2[list[0]!]!];
      for (let v = 1; v < list.length; v++) {
        const value = mm2[list[v]!]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      least += low;
      most += high;
    }
    return [least, most];
  }

  /** Prices of area, in ln T a mm2: nothing, and what the staircase pays around the zones. */
  private choosePrices(): void {
    const { prices, staircase, zones } = this;
    const { count } = zones;
    prices[0] = 0;
    const window = Math.max(2, staircase.size >> 6);
    for (let i = 0; i < PRICES; i++) {
      const z = count > 2 ? Math.round((i * (count - 1)) / (PRICES - 1)) : Math.min(count - 1, i & 1);
      let price = staircase.slopeAt(zones.logTimes[z]!, window);
      if (count <= 2) price *= 2 ** ((i >> 1) - 1);
      prices[i + 1] = price;
    }
  }

  /** Tangents at the designs of the box that are best at two prices, as far as its tangents so far tell. */
  private newTangents(lists: Lists, known: readonly Tangent[]): Tangent[] {
    const tangents: Tangent[] = [];
    for (let t = 0; t < TANGENTS; t++) {
      const price = this.prices[t === 0 ? 2 : PRICES - 1]!;
      this.leastAt(price, lists, known[Math.min(t, known.length - 1)]!);
      tangents.push(this.tangentAtBest());
    }
    return tangents;
  }

  /** The least of ln T + price x area, bounded by a tangent; `best` is where. */
  private leastAt(price: number, lists: Lists, { constant, slopes }: Tangent, least?: Float64Array): number {
    const { base, added } = this.current.areas;
    let sum = constant + price * base;
    for (let d = 0; d < lists.length; d++) {
      const { rates, logs } = this.rateDigits[d]!;
      const list = lists[d]!;
      const mm2 = added[d]!;
      let cheapest = Number.POSITIVE_INFINITY;
      for (let v = 0; v < list.length; v++) {
        const value = list[v]!;
        let cost = price * mm2[value]!;
        for (let i = 0; i < rates.length; i++) cost -= slopes[rates[i]!]! * logs[i]![value]!;
        if (cost < cheapest) {
          cheapest = cost;
          this.best[d] = value;
        }
      }
      if (least) least[d] = cheapest;
      sum += cheapest;
    }
    return sum;
  }

  /** The tangent at the design that `best` stands for, which may be on the front itself. */
  private tangentAtBest(): Tangent {
    const { point, best, rateDigits, current } = this;
    point.set(current.fixed);
    for (let d = 0; d < rateDigits.length; d++) {
      const { fields, values } = rateDigits[d]!;
      for (let i = 0; i < fields.length; i++) point[fields[i]!] = values[i]![best[d]!]!;
    }
    const slopes = new Float64Array(RATES.length);
    let constant = Math.log(current.cell.tangentAt(point, this.ranges, slopes));
    if (!Number.isFinite(constant + slopes.reduce((a, b) => a + b, 0)))
      return { constant: Number.NEGATIVE_INFINITY, slopes: slopes.fill(0) };
    for (let d = 0; d < rateDigits.length; d++) {
      const { rates, logs } = rateDigits[d]!;
      for (let i = 0; i < rates.length; i++) constant += slopes[rates[i]!]! * logs[i]![best[d]!]!;
    }
    return { constant, slopes };
  }

  private boundAtPrices(lists: Lists, tangents: readonly Tangent[]): void {
    for (let i = 0; i <= PRICES; i++) {
      let most = Number.NEGATIVE_INFINITY;
      let chosen = 0;
      for (let t = 0; t < tangents.length; t++) {
        const sum = this.leastAt(this.prices[i]!, lists, tangents[t]!);
        if (sum <= most) continue;
        most = sum;
        chosen = t;
      }
      this.chosen[i] = chosen;
      this.bounds[i] = this.leastAt(this.prices[i]!, lists, tangents[chosen]!, this.cheapest[i]);
    }
  }

  /** Whether no design reaches a zone that costs `more` at each price than the bound. */
  private isClosed(zone: number, more?: Float64Array): boolean {
    const { prices, bounds, zones } = this;
    const logTime = zones.logTimes[zone]! + SLACK;
    const area = zones.areas[zone]! * (1 + SLACK);
    for (let i = 0; i <= PRICES; i++) {
      const price = prices[i]!;
      const paid = price === 0 ? 0 : price * area;
      if (bounds[i]! + (more ? more[i]! : 0) - paid > logTime) return true;
    }
    return false;
  }

  private dropClosedZones(): void {
    const { zones } = this;
    let open = 0;
    for (let z = 0; z < zones.count; z++) {
      if (this.isClosed(z)) continue;
      zones.logTimes[open] = zones.logTimes[z]!;
      zones.areas[open] = zones.areas[z]!;
      open++;
    }
    zones.count = open;
  }

  /** The lists without values with which no design reaches an open zone; undefined where a list ends up empty. */
  private dropValues(lists: Lists, tangents: readonly Tangent[]): Lists | undefined {
    const { added } = this.current.areas;
    const more = new Float64Array(PRICES + 1);
    let kept: Int32Array[] | undefined;
    for (let d = 0; d < lists.length; d++) {
      const list = lists[d]!;
      if (list.length === 1) continue;
      const { rates, logs } = this.rateDigits[d]!;
      const stay: number[] = [];
      for (let v = 0; v < list.length; v++) {
        const value = list[v]!;
        for (let i = 0; i <= PRICES; i++) {
          const { slopes } = tangents[this.chosen[i]!]!;
          let cost = this.prices[i]! * added[d]![value]!;
          for (let r = 0; r < rates.length; r++) cost -= slopes[rates[r]!]! * logs[r]![value]!;
          more[i] = cost - this.cheapest[i]![d]!;
        }
        for (let z = 0; z < this.zones.count; z++)
          if (!this.isClosed(z, more)) {
            stay.push(value);
            break;
          }
      }
      if (stay.length === 0) return undefined;
      if (stay.length < list.length) (kept ??= [...lists])[d] = Int32Array.from(stay);
    }
    return kept ?? lists;
  }

  /** Halves a box along the digit that its bound depends on most; the better half comes last, to be looked at first. */
  private split({ lists, tangents }: Box): Box[] {
    const price = this.prices[PRICES >> 1]!;
    const tangent = tangents[0]!;
    const { added } = this.current.areas;
    let widest = -1;
    let split = 0;
    for (let d = 0; d < lists.length; d++) {
      const list = lists[d]!;
      if (list.length === 1) continue;
      const { rates, logs, fields, values } = this.rateDigits[d]!;
      let width = 1e-12;
      for (let r = 0; r < rates.length; r++) width += Math.abs(tangent.slopes[rates[r]!]!) * spanOf(logs[r]!, list);
      width += price * spanOf(added[d]!, list);
      // a latency has no slope: its span, as a part of what it is
      for (let i = 0; i < fields.length; i++)
        if (fields[i]! >= RATES.length) width += (0.05 * spanOf(values[i]!, list)) / (mostOf(values[i]!, list) || 1);
      if (width > widest) [widest, split] = [width, d];
    }
    this.leastAt(price, lists, tangent);
    const sorted = sortBy(lists[split]!, this.orderOf(split));
    const middle = sorted.length >> 1;
    const halves = [sorted.subarray(0, middle), sorted.subarray(middle)];
    if (halves[0]!.includes(this.best[split]!)) halves.reverse();
    return halves.flatMap((half) => {
      const narrowed = this.current.constraints.narrow(lists.map((list, d) => (d === split ? half : list)));
      return narrowed ? [{ lists: narrowed, tangents }] : [];
    });
  }

  private orderOf(d: number): Float64Array {
    return this.rateDigits[d]!.values[0]!;
  }

  /** Looks at every design of a small box. */
  private lookThrough(lists: Lists, size: number): void {
    const { digits, constraints, areas, cell } = this.current;
    const { least, most } = this.ranges;
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
      this.take(Math.log(cell.leastSeconds(this.ranges)), area);
    }
  }

  private take(logTime: number, area: number): void {
    if (!this.staircase.admits(logTime, area)) return;
    this.staircase.add(logTime, area);
    this.found(logTime, area);
  }
}

function sizeOf(lists: Lists): number {
  let size = 1;
  for (const { length } of lists) size *= length;
  return size;
}

function spanOf(values: Float64Array, list: Int32Array): number {
  let [low, high] = [values[list[0]!]!, values[list[0]!]!];
  for (let v = 1; v < list.length; v++) {
    const value = values[list[v]!]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

function mostOf(values: Float64Array, list: Int32Array): number {
  let most = 0;
  for (const v of list) most = Math.max(most, values[v]!);
  return most;
}

const sortBy = (list: Int32Array, keys: Float64Array) => list.slice().sort((a, b) => keys[a]! - keys[b]!);
