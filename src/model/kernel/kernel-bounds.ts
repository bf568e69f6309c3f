/** Bounds of the time of GPU kernels (docs/model.md, 16.1 and 16.2). */
import { zeroPerBottleneck, type PerBottleneck } from '../bottleneck.js';
import { AT, setRates, type RateValues } from '../rates.js';
import { RATE_FIELDS } from '../resources.js';
import type { Ranges, RunWork, TimeBounds, WorkRange } from '../time-bounds.js';
import { addWork, noWork, type ContextLayer } from './context.js';
import { CtaStreams, issueOf, type Issue } from './cta-streams.js';
import type { KernelWork } from './kernel.js';
import { dramBytes, drifts, inStepBytes, type Traffic } from '../traffic/traffic.js';
import { addBound, kernelSeconds, movedBytes, runningSeconds, secondsOfBound } from './kernel-time.js';
import { addSlopes, type Ties } from './kernel-slopes.js';

/** Any choice among equal terms has a tangent; one that holds exactly needs no tolerance. */
const TIES: Ties = { followsFma: true, followsWarps: false, tie: 0 };

const { macsPerInstr, issuePerClk, l1LatencyS } = AT;

const newRates = () => Object.fromEntries(RATE_FIELDS.map((field) => [field, 0])) as RateValues;

/** The rates of a corner of some ranges: one at which no term of any kernel is longer, or shorter, within them. */
class Corner {
  /** Rates of all streams but the multipliers, and of the multipliers: a wide instruction, or a scheduler, holds these longer. */
  readonly rates = newRates();
  readonly multipliers = newRates();
  private readonly values = new Float64Array(RATE_FIELDS.length);

  /** @param fast rates, and latencies at the other end */
  set(fast: Float64Array, slow: Float64Array): this {
    const { values } = this;
    values.set(fast);
    for (let i = l1LatencyS; i < values.length; i++) values[i] = slow[i]!;
    setRates(this.rates, values);
    values[macsPerInstr] = slow[macsPerInstr]!;
    values[issuePerClk] = slow[issuePerClk]!;
    setRates(this.multipliers, values);
    return this;
  }
}

export class KernelBounds implements TimeBounds {
  readonly work: WorkRange;
  private readonly fastest = new Corner();
  private readonly slowest = new Corner();
  private readonly rates = newRates();
  private readonly cta = new CtaStreams();
  private readonly bound = zeroPerBottleneck();
  private readonly slopes = new Float64Array(RATE_FIELDS.length);
  /** Whether no rate changes the work. */
  private readonly isFixed: boolean;

  constructor(private readonly layers: readonly ContextLayer[]) {
    this.work = { least: this.extremeWork(Math.min), most: this.extremeWork(Math.max) };
    this.isFixed = layers.every(
      ({ alternatives: [only, ...others] }) => others.length === 0 && !only!.some(({ traffic }) => drifts(traffic)),
    );
  }

  leastSeconds({ least, most }: Ranges): number {
    const { rates, multipliers } = this.fastest.set(most, least);
    const issue = issueOf(multipliers);
    let seconds = 0;
    for (const { count, alternatives } of this.layers) {
      let fastest = Number.POSITIVE_INFINITY;
      for (const kernels of alternatives)
        fastest = Math.min(fastest, this.secondsOf(kernels, rates, issue, multipliers));
      seconds += count * fastest;
    }
    return seconds;
  }

  tangentAt(point: Float64Array, ranges: Ranges, slopes: Float64Array): number {
    const { rates } = this;
    const { multipliers } = this.fastest.set(ranges.most, ranges.least);
    setRates(rates, point);
    rates.l2LatencyS = ranges.least[AT.l2LatencyS]!;
    rates.dramLatencyS = ranges.least[AT.dramLatencyS]!;
    // without the jump of dual issue the time is convex
    const issue = { ...issueOf(rates), slotsPerMemory: issueOf(multipliers).slotsPerMemory };
    this.slopes.fill(0);
    let seconds = 0;
    for (const { count, alternatives } of this.layers) {
      const kernels = alternatives.length === 1 ? alternatives[0]! : this.onlyOne(alternatives, ranges);
      // the fastest of several is not convex; that none of them is faster than at the corner is
      seconds += count * (kernels ? this.addTangent(kernels, issue, count) : this.leastOf(alternatives, ranges));
    }
    for (let r = 0; r < slopes.length; r++) slopes[r] = this.slopes[r]! / seconds;
    return seconds;
  }

  workAt(point: Float64Array): WorkRange {
    if (this.isFixed) return this.work;
    const { rates } = this;
    setRates(rates, point);
    const issue = issueOf(rates);
    const work = noWork();
    for (const { count, alternatives } of this.layers) {
      const seconds = alternatives.map((kernels) => this.secondsOf(kernels, rates, issue, rates));
      for (const kernel of alternatives[seconds.indexOf(Math.min(...seconds))]!)
        addWork(work, kernel, count, this.movedBytes(kernel, rates, issue));
    }
    return { least: work, most: work };
  }

  private movedBytes(work: KernelWork, rates: RateValues, issue: Issue): number {
    const { kernel, traffic } = work;
    if (!drifts(traffic)) return dramBytes(traffic);
    return movedBytes(traffic, runningSeconds(kernel.waves, this.cta.set(kernel, rates, issue)), rates);
  }

  private secondsOf(kernels: readonly KernelWork[], rates: RateValues, issue: Issue, multipliers: RateValues): number {
    let seconds = 0;
    for (const { kernel } of kernels) seconds += kernelSeconds(kernel, this.cta.set(kernel, rates, issue, multipliers));
    return seconds;
  }

  /** Adds the slopes of kernels at the rates; their seconds. */
  private addTangent(kernels: readonly KernelWork[], issue: Issue, count: number): number {
    const { rates, cta, bound } = this;
    let seconds = 0;
    for (const { kernel } of kernels) {
      cta.set(kernel, rates, issue);
      addBound(clear(bound), kernel, cta);
      addSlopes(this.slopes, kernel, rates, cta, bound, count, TIES);
      seconds += secondsOfBound(bound);
    }
    return seconds;
  }

  private leastOf(alternatives: ContextLayer['alternatives'], { least, most }: Ranges): number {
    const { rates, multipliers } = this.fastest.set(most, least);
    const issue = issueOf(multipliers);
    return Math.min(...alternatives.map((kernels) => this.secondsOf(kernels, rates, issue, multipliers)));
  }

  /** The alternative that is faster than all others on every design within the ranges; undefined where none is. */
  private onlyOne(
    alternatives: ContextLayer['alternatives'],
    { least, most }: Ranges,
  ): readonly KernelWork[] | undefined {
    const { rates, multipliers } = this.slowest.set(least, most);
    const slowIssue = issueOf(multipliers);
    const longest = Math.min(...alternatives.map((kernels) => this.secondsOf(kernels, rates, slowIssue, multipliers)));
    const fast = this.fastest.set(most, least);
    const issue = issueOf(fast.multipliers);
    const left = alternatives.filter(
      (kernels) => this.secondsOf(kernels, fast.rates, issue, fast.multipliers) <= longest,
    );
    return left.length === 1 ? left[0] : undefined;
  }

  /** The sums over layers of the least, or the most, of each figure that an alternative has. */
  private extremeWork(extreme: (...figures: number[]) => number): RunWork {
    const sum = noWork();
    for (const { count, alternatives } of this.layers) {
      const works = alternatives.map((kernels) => {
        const work = noWork();
        for (const kernel of kernels) addWork(work, kernel, count, extremeBytes(kernel.traffic, extreme));
        return work;
      });
      sum.l1Bytes += extreme(...works.map((work) => work.l1Bytes));
      sum.l2Bytes += extreme(...works.map((work) => work.l2Bytes));
      sum.dramBytes += extreme(...works.map((work) => work.dramBytes));
      for (const name of Object.keys(sum.activity) as (keyof RunWork['activity'])[])
        sum.activity[name] += extreme(...works.map(({ activity }) => activity[name]));
    }
    return sum;
  }
}

/** The least, or the most, that DRAM moves: a kernel whose CTAs drift apart falls back into step where DRAM binds it. */
const extremeBytes = (traffic: Traffic, extreme: (...figures: number[]) => number): number =>
  extreme(dramBytes(traffic), Math.min(dramBytes(traffic), inStepBytes(traffic)));

function clear(bound: PerBottleneck): PerBottleneck {
  bound.compute = bound.issue = bound.smem = bound.l1 = bound.l2 = bound.dram = bound.latency = bound.launch = 0;
  return bound;
}
