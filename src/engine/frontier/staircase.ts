/** The front so far in the plane of time and area, as a staircase; what a box of designs could still add to it (docs/model.md, 16.4). */

/** Bounds within this of a design, relatively, leave the decision to its exact figures: far above rounding, far below any step. */
export const SLACK = 1e-11;

/** What every design has to keep to. */
export interface PlaneLimits {
  /** ln of seconds, and mm2; infinite where there is no limit. */
  logTime: number;
  area: number;
}

/** Which of time and area count, and the limits on both. */
export interface PlaneGoals {
  time: boolean;
  area: boolean;
  limits: PlaneLimits;
}

/** Zones of a staircase, the fastest first: a design adds to the front only if it is within the time and the area of one. */
export interface Zones {
  count: number;
  logTimes: Float64Array;
  areas: Float64Array;
}

const LEAST_ROOM = 256;

export class Staircase {
  /** Steps, from the fastest to the smallest. */
  private logTimes = new Float64Array(LEAST_ROOM);
  private areas = new Float64Array(LEAST_ROOM);
  private steps = 0;

  private readonly limits: PlaneLimits;

  constructor(private readonly goals: PlaneGoals) {
    this.limits = goals.limits;
  }

  get size(): number {
    return this.steps;
  }

  /** The first step that is no faster than a time. */
  private firstFrom(logTime: number): number {
    let [low, high] = [0, this.steps];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.logTimes[middle]! < logTime) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first step that is smaller than an area. */
  private firstBelow(area: number): number {
    let [low, high] = [0, this.steps];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.areas[middle]! >= area) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a design may be on the front: no step is better by more than the slack. */
  admits(logTime: number, area: number): boolean {
    if (logTime > this.limits.logTime + SLACK || area > this.limits.area * (1 + SLACK)) return false;
    const k = this.firstFrom(logTime - SLACK);
    return k === 0 || this.areas[k - 1]! >= area * (1 - SLACK);
  }

  /** Adds a design, unless a step is as good. What does not count is the same for all steps. */
  add(ofTime: number, ofArea: number): void {
    const { logTimes, areas, steps, goals } = this;
    const logTime = goals.time ? ofTime : Number.NEGATIVE_INFINITY;
    const area = goals.area ? ofArea : Number.NEGATIVE_INFINITY;
    const k = this.firstFrom(logTime);
    if (k > 0 && areas[k - 1]! <= area) return;
    if (k < steps && logTimes[k] === logTime && areas[k]! <= area) return;
    let end = k;
    while (end < steps && areas[end]! >= area) end++;
    if (end === k && steps === logTimes.length) this.grow();
    this.logTimes.copyWithin(k + 1, end, steps);
    this.areas.copyWithin(k + 1, end, steps);
    this.logTimes[k] = logTime;
    this.areas[k] = area;
    this.steps = steps + 1 - (end - k);
  }

  private grow(): void {
    const [logTimes, areas] = [this.logTimes, this.areas];
    this.logTimes = new Float64Array(2 * logTimes.length);
    this.areas = new Float64Array(2 * areas.length);
    this.logTimes.set(logTimes);
    this.areas.set(areas);
  }

  /**
   * Fills in the zones that designs no faster and no smaller than a bound can reach: at most so many, each of which may be
   * several in one.
   *
   * @param mostArea no design is larger
   * @param better designs have to be faster than a zone by this factor's logarithm
   */
  findZones(logTime: number, area: number, mostArea: number, better: number, zones: Zones): void {
    const { limits, steps } = this;
    const most = zones.logTimes.length;
    zones.count = 0;
    if (logTime > limits.logTime + SLACK || area > limits.area * (1 + SLACK)) return;
    // zone k is as fast as step k and as small as step k - 1
    const first = this.firstFrom(logTime + better - SLACK);
    const last = this.firstBelow(area * (1 - SLACK));
    const all = last - first + 1;
    if (all <= 0) return;
    const count = Math.min(all, most);
    const largest = Math.min(limits.area, mostArea);
    let from = first;
    for (let i = 0; i < count; i++) {
      const to = first + Math.floor(((i + 1) * all) / count) - 1;
      const time = to < steps ? this.logTimes[to]! - better : Number.POSITIVE_INFINITY;
      zones.logTimes[i] = Math.min(time, limits.logTime);
      zones.areas[i] = Math.min(from > 0 ? this.areas[from - 1]! : Number.POSITIVE_INFINITY, largest);
      from = to + 1;
    }
    zones.count = count;
  }

  /** What time an area buys at a zone: -d ln T/d area of the staircase around the zones. */
  slopeAt(logTime: number, window: number): number {
    const k = Math.min(this.firstFrom(logTime), this.steps - 1);
    const [from, to] = [Math.max(0, k - window), Math.min(this.steps - 1, k + window)];
    if (to <= from) return 0;
    return (this.logTimes[to]! - this.logTimes[from]!) / (this.areas[from]! - this.areas[to]!);
  }
}
