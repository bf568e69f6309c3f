/** Bounds of the boxes of a cell, and what they rule out (docs/model.md, 16.3 and 16.4). */
import { RATE_FIELDS, RATES } from '../../model/resources.js';
import type { Ranges } from '../../model/time-bounds.js';
import type { SearchedCell } from './cells.js';
import { rangeOf, spanOf, type Lists } from './lists.js';
import type { RateDigit } from './rate-digits.js';
import { SLACK, type Staircase, type Zones } from './staircase.js';

/** Zones that a box is held against, at most, and prices of area that it is bounded at, besides none. */
const MOST_ZONES = 16;
const PRICES = 6;

/** Tangents that a box is bounded by. */
const TANGENTS = 2;

/** How much of a box's bound a latency is taken to decide, for each time that its span is of its most. */
const LATENCY_WEIGHT = 0.05;

/** A tangent of the logarithm of a cell's time: constant - sum of slope x ln rate over the rates that its digits set. */
interface Tangent {
  constant: number;
  slopes: Float64Array;
}

/** A box with tangents that hold for it. */
export interface Box {
  lists: Lists;
  tangents: readonly Tangent[];
}

export class BoxBounds {
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
  /** For each price: the bound of ln T + price x area, the tangent that it is from, and what the digits add to it at least. */
  private readonly bounds = new Float64Array(PRICES + 1);
  private readonly chosen = new Int32Array(PRICES + 1);
  private readonly cheapest: Float64Array[];
  /** The values that the digits add it with. */
  private readonly best: Int32Array;
  private current!: SearchedCell;
  private staircase!: Staircase;

  /** @param better designs have to be faster than the front so far by this factor's logarithm */
  constructor(
    private readonly rateDigits: readonly RateDigit[],
    private readonly better: number,
  ) {
    this.cheapest = Array.from({ length: PRICES + 1 }, () => new Float64Array(rateDigits.length));
    this.best = new Int32Array(rateDigits.length);
  }

  /** Begins with a cell, and the staircase of the front so far; the tangent is one in the middle of a box. */
  begin(cell: SearchedCell, staircase: Staircase, lists: Lists): Box {
    this.current = cell;
    this.staircase = staircase;
    this.setRanges(lists);
    lists.forEach((list, d) => (this.best[d] = list[list.length >> 1]!));
    return { lists, tangents: [this.tangentAtBest()] };
  }

  /** The box without values that are ruled out; undefined where nothing is left of it. */
  narrow({ lists, tangents: known }: Box): Box | undefined {
    this.setRanges(lists);
    const seconds = this.current.bounds.leastSeconds(this.ranges);
    const [least, most] = this.areaRange(lists);
    this.staircase.findZones(Math.log(seconds), least, most, this.better, this.zones);
    if (this.zones.count === 0) return undefined;
    this.choosePrices();
    const tangents = this.newTangents(lists, known);
    this.boundAtPrices(lists, tangents);
    this.dropClosedZones();
    if (this.zones.count === 0) return undefined;
    const kept = this.dropValues(lists, tangents);
    return kept && { lists: kept, tangents };
  }

  /** The digit that the bound of a box that was just narrowed depends on most, and its value of the best design. */
  widest({ lists, tangents }: Box): { digit: number; best: number } {
    const price = this.prices[PRICES >> 1]!;
    const tangent = tangents[0]!;
    const { added } = this.current.areas;
    let [widest, digit] = [-1, 0];
    for (let d = 0; d < lists.length; d++) {
      const list = lists[d]!;
      if (list.length === 1) continue;
      const { rates, logs, fields, values } = this.rateDigits[d]!;
      let width = price * spanOf(added[d]!, list);
      for (let r = 0; r < rates.length; r++) width += Math.abs(tangent.slopes[rates[r]!]!) * spanOf(logs[r]!, list);
      for (let i = 0; i < fields.length; i++) {
        if (fields[i]! < RATES.length) continue;
        const [least, most] = rangeOf(values[i]!, list);
        if (most > 0) width += LATENCY_WEIGHT * (1 - least / most);
      }
      if (width > widest) [widest, digit] = [width, d];
    }
    this.leastAt(price, lists, tangent);
    return { digit, best: this.best[digit]! };
  }

  private setRanges(lists: Lists): void {
    const { least, most } = this.ranges;
    least.set(this.current.fixed);
    most.set(this.current.fixed);
    for (let d = 0; d < lists.length; d++) {
      const { fields, values } = this.rateDigits[d]!;
      for (let i = 0; i < fields.length; i++) [least[fields[i]!], most[fields[i]!]] = rangeOf(values[i]!, lists[d]!);
    }
  }

  private areaRange(lists: Lists): [number, number] {
    const { base, added } = this.current.areas;
    let [least, most] = [base, base];
    for (let d = 0; d < lists.length; d++) {
      const [low, high] = rangeOf(added[d]!, lists[d]!);
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

  /** Tangents at the designs of the box that its known tangents call the best at two prices. */
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

  /** The tangent at the design that `best` stands for; one that says nothing where numbers leave their range. */
  private tangentAtBest(): Tangent {
    const { point, best, rateDigits, current } = this;
    point.set(current.fixed);
    for (let d = 0; d < rateDigits.length; d++) {
      const { fields, values } = rateDigits[d]!;
      for (let i = 0; i < fields.length; i++) point[fields[i]!] = values[i]![best[d]!]!;
    }
    const slopes = new Float64Array(RATES.length);
    let constant = Math.log(current.bounds.tangentAt(point, this.ranges, slopes));
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
}
