/** What changed between the points of two studies that are the same design, as they stream by. */
import { shareName } from '../../model/metrics.js';
import { BOTTLENECKS } from '../../model/bottleneck.js';

/** Figures closer together than this, relatively, are equal; shares of one, absolutely. */
const SAME = 1e-9;

/** A point of both studies; a figure is NULL where the design cannot run. */
export interface PointPair {
  /** Ids before and after. */
  ids: readonly [number, number];
  infeasible: readonly [string | null, string | null];
  bottlenecks: readonly [string | null, string | null];
  /** One a metric, before and after. */
  before: readonly (number | null)[];
  after: readonly (number | null)[];
}

/** A figure of one design in both studies. */
export interface Move {
  ids: readonly [number, number];
  before: number;
  after: number;
}

export interface MetricChange {
  metric: string;
  /** The kind of `mean` and of a move: the ratio after/before or, for a share of the time, the difference. */
  as: 'ratio' | 'difference';
  /** Designs with the figure in both studies, and those of them whose figure changed. */
  designs: number;
  changed: number;
  /** Over all designs: the geometric mean of the ratios, or the mean difference. */
  mean: number;
  /** The largest fall and the largest rise, if there is one. */
  fall?: Move;
  rise?: Move;
}

const SHARES: readonly string[] = BOTTLENECKS.map(shareName);

/** How far a figure moved: its logarithm is what is compared and averaged, but for shares. */
function amountOf(as: MetricChange['as'], before: number, after: number): number {
  if (as === 'difference') return after - before;
  return before === after ? 0 : Math.log(after / before);
}

interface Extreme {
  amount: number;
  move: Move;
}

/** Gathers the changes of one metric. */
class MetricChanges {
  private designs = 0;
  private changed = 0;
  private sum = 0;
  private readonly extremes: { fall?: Extreme; rise?: Extreme } = {};
  private readonly as: MetricChange['as'];

  constructor(private readonly metric: string) {
    this.as = SHARES.includes(metric) ? 'difference' : 'ratio';
  }

  add(ids: PointPair['ids'], before: number, after: number): boolean {
    this.designs++;
    if (isSame(before, after, this.as)) return false;
    const amount = amountOf(this.as, before, after);
    this.changed++;
    if (Number.isFinite(amount)) this.sum += amount;
    const side = amount < 0 ? 'fall' : 'rise';
    if (!(Math.abs(amount) <= Math.abs(this.extremes[side]?.amount ?? 0)))
      this.extremes[side] = { amount, move: { ids: [...ids], before, after } };
    return true;
  }

  get result(): MetricChange {
    const { metric, as, designs, changed } = this;
    const mean = designs > 0 ? this.sum / designs : 0;
    const { fall, rise } = this.extremes;
    return {
      ...{ metric, as, designs, changed, mean: as === 'ratio' ? Math.exp(mean) : mean },
      ...(fall ? { fall: fall.move } : {}),
      ...(rise ? { rise: rise.move } : {}),
    };
  }
}

function isSame(before: number, after: number, as: MetricChange['as']): boolean {
  const scale = as === 'difference' ? 1 : Math.max(Math.abs(before), Math.abs(after));
  return before === after || Math.abs(after - before) <= SAME * scale;
}

/** Whether a figure is the same in both studies. */
export function isSameFigure(metric: string, before: unknown, after: unknown): boolean {
  if (typeof before !== 'number' || typeof after !== 'number') return before === after;
  return isSame(before, after, SHARES.includes(metric) ? 'difference' : 'ratio');
}

/** A design that something else binds than before. */
export interface Flip {
  from: string;
  to: string;
  ids: readonly [number, number];
  /** Whether it is on the front of one of the studies. */
  on_front: boolean;
  time_ms: readonly [number, number];
}

/** How many designs went from one bottleneck to another. */
export interface FlipCount {
  from: string;
  to: string;
  designs: number;
}

export interface PointChanges {
  /** Designs in both studies. */
  designs: number;
  /** Designs of which any figure changed. */
  changed: number;
  became_feasible: number;
  became_infeasible: number;
  /** Designs that something else binds, by what bound them and what does: the most first. */
  flips: FlipCount[];
  /** The most important of them: those on a front first, then the fastest. */
  important_flips: Flip[];
  metrics: MetricChange[];
}

/** Flips that are listed one by one. */
const MOST_FLIPS = 5;

const isMoreImportant = (a: Flip, b: Flip) =>
  a.on_front !== b.on_front ? a.on_front : a.time_ms[1] !== b.time_ms[1] ? a.time_ms[1] < b.time_ms[1] : false;

/** Gathers the changes of the points of a workload; memory does not grow with them. */
export class PointChangesOf {
  private designs = 0;
  private changed = 0;
  private became = { feasible: 0, infeasible: 0 };
  private readonly flips = new Map<string, FlipCount>();
  private important: Flip[] = [];
  private readonly metrics: MetricChanges[];
  private readonly time: number;

  /**
   * @param metrics by name, `time_ms` among them
   * @param isOnFront whether a pair is on the front of one of the studies
   */
  constructor(
    metrics: readonly string[],
    private readonly isOnFront: (ids: PointPair['ids']) => boolean,
  ) {
    this.metrics = metrics.map((metric) => new MetricChanges(metric));
    this.time = metrics.indexOf('time_ms');
  }

  add(pair: PointPair): void {
    const { infeasible, before, after, ids } = pair;
    this.designs++;
    const [was, is] = infeasible;
    if (was !== null || is !== null) {
      if (was !== is) this.changed++;
      if (was !== null && is === null) this.became.feasible++;
      if (was === null && is !== null) this.became.infeasible++;
      return;
    }
    let isChanged = false;
    for (let m = 0; m < this.metrics.length; m++) {
      const [a, b] = [before[m]!, after[m]!];
      // A speedup is NULL where the baseline cannot run the workload.
      if (a !== null && b !== null && this.metrics[m]!.add(ids, a, b)) isChanged = true;
    }
    if (isChanged) this.changed++;
    this.addFlip(pair);
  }

  private addFlip({ ids, bottlenecks: [from, to], before, after }: PointPair): void {
    if (from === to || from === null || to === null) return;
    const key = `${from} ${to}`;
    const count = this.flips.get(key) ?? { from, to, designs: 0 };
    count.designs++;
    this.flips.set(key, count);
    const time_ms = [before[this.time]!, after[this.time]!] as const;
    const flip: Flip = { from, to, ids: [...ids], on_front: this.isOnFront(ids), time_ms };
    if (this.important.length === MOST_FLIPS && !isMoreImportant(flip, this.important.at(-1)!)) return;
    const place = this.important.findIndex((other) => isMoreImportant(flip, other));
    this.important.splice(place < 0 ? this.important.length : place, 0, flip);
    this.important = this.important.slice(0, MOST_FLIPS);
  }

  get result(): PointChanges {
    const { designs, changed, became } = this;
    return {
      ...{ designs, changed, became_feasible: became.feasible, became_infeasible: became.infeasible },
      flips: [...this.flips.values()].sort((a, b) => b.designs - a.designs || (a.from + a.to < b.from + b.to ? -1 : 1)),
      important_flips: this.important,
      metrics: this.metrics.map(({ result }) => result),
    };
  }
}
