/** A block of designs that differ in bandwidths alone, evaluated by the compiled loops. */
import { BOTTLENECKS, TIE } from '../../model/bottleneck.js';
import { blockArea, type PerAreaConstant } from '../../model/cost.js';
import type { Gpu } from '../../model/gpu.js';
import { CtaStreams, issueOf } from '../../model/kernel/cta-streams.js';
import { eighth } from '../../model/kernel/powers.js';
import { GIGA } from '../../model/units.js';
import { BANDWIDTH_FIELDS } from '../../model/resources.js';
import type { BoxDesigns } from './box-designs.js';
import type { DesignCosts } from './design-costs.js';
import { STREAMS, type ResolvedWork } from './resolved-work.js';
import type { Rows } from './rows.js';
import type { Targets } from './targets.js';
import { LAUNCH, MAX_BLOCK, MIXED, PARAMETERS, Waves } from './waves.js';

const TIE8 = (1 + TIE) ** 8;
const LATENCY = BOTTLENECKS.indexOf('latency');
const FIRST_STREAM = BOTTLENECKS.indexOf('smem');
const DRAM = BANDWIDTH_FIELDS.indexOf('dramBytesPerS');

/** Powers beyond these could leave the range of doubles in a sum or an eighth root: such designs take the plain path. */
const LEAST_POWER = 1e-280;
const LARGEST_POWER = 1e280;

/** What the bandwidth streams of a kernel are at, over the designs of a block. */
interface StreamBounds {
  /** The power of the largest stream is between these. */
  least: number;
  largest: number;
  /** A bit a stream that may be the largest. */
  present: number;
}

export class BlockEvaluator {
  /** Designs at hand, at most `MAX_BLOCK`, and the offsets of their ids. */
  n = 0;
  readonly offsets = new Int32Array(MAX_BLOCK);
  private readonly waves: Waves;
  private readonly bounds: StreamBounds[];
  private readonly area = new Float64Array(MAX_BLOCK);
  private readonly busyArea = new Float64Array(MAX_BLOCK);
  private readonly cta = new CtaStreams();
  private costs: DesignCosts | undefined;
  /** Seconds that multipliers and schedulers are busy, as `setParameters` found them. */
  private busyComputeS = 0;

  /** @param gpu the design, set from outside; `kernels` those of a work, at most */
  constructor(
    private readonly gpu: Gpu,
    kernels: number,
    private readonly timeOnly: boolean,
  ) {
    this.waves = new Waves(kernels);
    this.bounds = Array.from({ length: kernels }, () => ({ least: 0, largest: 0, present: 0 }));
  }

  /** Designs of the loops' vectors: the last one is there twice where `n` is odd. */
  private get even(): number {
    return this.n + (this.n % 2);
  }

  /** Gathers some designs of a box, with the rates that the outer digits have set. */
  fill({ offsets, powers, rates }: BoxDesigns, wanted: Int32Array): void {
    const { gpu, waves } = this;
    const n = (this.n = wanted.length);
    const { even } = this;
    gather(offsets, wanted, this.offsets);
    BANDWIDTH_FIELDS.forEach((field, s) => {
      const to = waves.rates.subarray(s * even, (s + 1) * even);
      if (powers[s]) {
        gather(powers[s], wanted, to);
        to[even - 1] = to[n - 1]!;
      } else to.fill(eighth(1 / gpu[field]));
    });
    const dram = rates[DRAM];
    if (dram) {
      gather(dram, wanted, waves.bandwidths);
      waves.bandwidths[even - 1] = waves.bandwidths[n - 1]!;
    } else waves.bandwidths.fill(gpu.dramBytesPerS, 0, even);
    waves.findRanges(even);
  }

  /** Readies the block for a work, on all states to come; false if a power leaves the range of doubles. */
  start(work: ResolvedWork): boolean {
    this.waves.coefficients.set(work.coefficients);
    return this.findBounds(work);
  }

  /** Sets what the designs cost. */
  setCosts(costs: DesignCosts, wanted: Int32Array): void {
    this.costs = costs;
    gather(costs.area, wanted, this.area);
    gather(costs.busyArea, wanted, this.busyArea);
  }

  /** What the streams of each kernel are at; false if a power leaves the range of doubles. */
  private findBounds({ kernels, coefficients }: ResolvedWork): boolean {
    const { ranges } = this.waves;
    for (let k = 0; k < kernels.length; k++) {
      const bounds = this.bounds[k]!;
      [bounds.least, bounds.largest, bounds.present] = [0, 0, 0];
      for (let s = 0; s < STREAMS; s++) {
        const coefficient = coefficients[k * STREAMS + s]!;
        bounds.least = Math.max(bounds.least, coefficient * ranges[2 * s]!);
        bounds.largest = Math.max(bounds.largest, coefficient * ranges[2 * s + 1]!);
      }
      if (!(bounds.largest < LARGEST_POWER)) return false;
      for (let s = 0; s < STREAMS; s++)
        if (coefficients[k * STREAMS + s]! * ranges[2 * s + 1]! * TIE8 >= bounds.least) bounds.present |= 1 << s;
    }
    return true;
  }

  /** The parameters of every kernel's waves on the design as it is set; false if a power leaves the range of doubles. */
  setParameters({ kernels }: ResolvedWork, timeOnly = this.timeOnly): boolean {
    const { gpu, cta } = this;
    const { parameters } = this.waves;
    const issue = issueOf(gpu);
    let [computeS, issueS] = [0, 0];
    for (let k = 0; k < kernels.length; k++) {
      const { kernel, ctasPerSm, size8, rest8, full, rest, overheads, launch8, driftingBytes } = kernels[k]!;
      cta.setInstructions(kernel, gpu, issue, gpu);
      computeS += ctasPerSm * cta.compute;
      issueS += ctasPerSm * cta.issue;
      const compute8 = eighth(cta.compute);
      const issue8 = eighth(cta.issue);
      const life8 = eighth(cta.latency);
      const fullLife8 = life8 * size8;
      const fullPower = compute8 + issue8 + fullLife8;
      if (!(fullPower > LEAST_POWER && compute8 + issue8 + life8 < LARGEST_POWER)) return false;
      const top = Math.max(compute8, issue8, fullLife8);
      const binds = compute8 * TIE8 >= top ? 0 : issue8 * TIE8 >= top ? 1 : LATENCY;
      const threshold = binds === 0 ? compute8 * TIE8 : binds === 1 ? issue8 * TIE8 : fullLife8 / TIE8;
      const p = k * PARAMETERS;
      parameters[p] = fullPower;
      parameters[p + 1] = compute8 + issue8 + life8 * rest8;
      parameters[p + 2] = full;
      parameters[p + 3] = rest;
      parameters[p + 4] = overheads;
      parameters[p + 5] = threshold;
      parameters[p + 6] = binds;
      const { least, largest, present } = this.bounds[k]!;
      parameters[p + 7] = (largest > threshold ? MIXED : 0) | (fullPower <= launch8 ? LAUNCH : 0);
      parameters[p + 8] = present;
      parameters[p + 9] = timeOnly ? 0 : driftingBytes;
      if (parameters[p + 7] === MIXED && least > threshold) this.bindByBandwidth(p);
      if (timeOnly) parameters[p + 7] = parameters[p + 6] = 0;
    }
    this.busyComputeS = Math.max(computeS, issueS);
    return true;
  }

  /** Where one bandwidth stream binds all designs of the block, no design needs to be looked at by itself. */
  private bindByBandwidth(p: number): void {
    const { parameters } = this.waves;
    const stream = [1, 2, 4, 8].indexOf(parameters[p + 8]!);
    if (stream < 0) return;
    parameters[p + 6] = FIRST_STREAM + stream;
    parameters[p + 7] = 0;
  }

  /** Milliseconds of some of the kernels that parameters are set for, one number a design; valid until the next call. */
  timesMs(first: number, count: number): Float64Array {
    this.waves.waves(count, this.even, first);
    this.waves.findTimes(this.even, true);
    return this.waves.timesMs.subarray(0, this.n);
  }

  /** Evaluates the designs on the state as it is set, and writes their rows. */
  write(work: ResolvedWork, targets: Targets, rows: Rows, areas: PerAreaConstant, staticWPerMm2: number): void {
    const { waves, even, timeOnly } = this;
    waves.waves(work.kernels.length, even);
    waves.findTimes(even, timeOnly);
    targets.write(waves.timesMs, 0, rows.timeMs);
    if (timeOnly) return;
    const computeMm2 = blockArea('compute', areas, this.gpu);
    const busyCompute = computeMm2 * this.busyComputeS;
    const { restMm2, joules, joulesPerByte, mm2sPerByte } = this.costs!;
    waves.areas.set(this.area);
    waves.balances.set(this.busyArea);
    waves.findMetrics(even, {
      ...{ computeMm2, busyCompute, restMm2, joules, staticWPerMm2, joulesPerByte, mm2sPerByte },
    });
    rows.shares.forEach((share, b) => targets.write(waves.buckets, b * even, share));
    targets.write(waves.balances, 0, rows.balance);
    targets.write(waves.areas, 0, rows.areaMm2);
    targets.write(waves.energies, 0, rows.energyJ);
    targets.fill(work.run.l1Bytes / GIGA, rows.l1Gb);
    targets.fill(work.run.l2Bytes / GIGA, rows.l2Gb);
    for (let i = 0; i < even; i++) waves.movedBytes[i] = (work.run.dramBytes + waves.movedBytes[i]!) / GIGA;
    targets.write(waves.movedBytes, 0, rows.dramGb);
    targets.fill(-1, rows.infeasible);
  }
}

/** Copies what some designs have; at once where they follow each other. */
function gather<T extends Float64Array | Int32Array>(from: T, wanted: Int32Array, to: T): void {
  const n = wanted.length;
  const first = wanted[0]!;
  if (wanted[n - 1]! - first === n - 1) to.set(from.subarray(first, first + n));
  else for (let i = 0; i < n; i++) to[i] = from[wanted[i]!]!;
}
