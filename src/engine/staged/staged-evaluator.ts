/** The staged kernel of model `delta`: stretches of a grid, each stage worked out only when one of its digits moves. */
import { BOTTLENECKS, TIE } from '../../model/bottleneck.js';
import { areaFactors, blockArea, type AreaBlock, type PerAreaConstant } from '../../model/cost.js';
import { energyAmounts, energyFactors, energyFrom, type PerEnergyConstant } from '../../model/energy.js';
import { toGpu, type Gpu } from '../../model/gpu.js';
import { DELTA_CONSTANTS } from '../../model/time-delta.js';
import { GIGA } from '../../model/units.js';
import { boxesOf, type Box } from '../../space/boxes.js';
import type { Batch, Column, TextColumn } from '../../space/columns.js';
import { applySettings, settingsOf, type Setting } from '../../space/evaluate-point.js';
import { nextDigits, strideOf, type Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import type { Range } from '../chunks.js';
import type { StretchEvaluator } from '../evaluator.js';
import { PlainEvaluator } from '../plain-evaluator.js';
import { COEFFICIENTS, CONSTANTS, FIELD, makeContext, type Context, type TrafficSource } from '../../model/contexts.js';
import { eighth } from '../../model/powers.js';
import { mergedPasses, type MergedPass } from '../../model/passes.js';
import { designsOf, type BoxDesigns } from './box-designs.js';
import { Targets } from './targets.js';
import { BANDWIDTH_FIELDS, stagesOf, type BandwidthField, type Stages } from '../../space/stages.js';
import { LAUNCH, MAX_BLOCK, MIXED, PARAMETERS, Waves } from './waves.js';

const TIE8 = (1 + TIE) ** 8;
const LATENCY = BOTTLENECKS.indexOf('latency');
const FIRST_STREAM = BOTTLENECKS.indexOf('smem');

/** Powers beyond these could leave the range of doubles in a sum or an eighth root: such designs take the plain path. */
const LEAST_POWER = 1e-280;
const LARGEST_POWER = 1e280;

/** Contexts kept, at most, in bytes. */
const CONTEXT_BYTES = 64 * 2 ** 20;

/** Where the figures of a row go. */
interface Rows {
  timeMs: Float64Array;
  shares: Float64Array[];
  balance: Float64Array;
  l1Gb: Float64Array;
  l2Gb: Float64Array;
  dramGb: Float64Array;
  areaMm2: Float64Array;
  energyJ: Float64Array;
  infeasible: Int32Array;
}

/** The designs at work, at most `MAX_BLOCK`: offsets of their ids, and what does not change from one state to the next. */
class Block {
  n = 0;
  /** Designs of the kernel's vectors: the last one is there twice where `n` is odd. */
  get even(): number {
    return this.n + (this.n % 2);
  }
  readonly offsets = new Int32Array(MAX_BLOCK);
  /** Weighed area but for the compute block, mm2, and what of it is busy, mm2 x s. */
  readonly area = new Float64Array(MAX_BLOCK);
  readonly busyArea = new Float64Array(MAX_BLOCK);
}

/** Costs of the designs of a box. */
interface DesignCosts {
  /** Weighed area but for the compute block, mm2, and what of it is busy, mm2 x s. */
  area: Float64Array;
  busyArea: Float64Array;
  /** The rest of the die, mm2, and the energy of switching, J: the same for all of them. */
  restMm2: number;
  joules: number;
  /** What they follow from. */
  designs: BoxDesigns;
  context: Context;
  /** Position of the outer digits. */
  outer: number;
}

/** What the bandwidth streams of a layer are at, over the designs of a block. */
interface StreamBounds {
  /** The power of the largest stream is between these. */
  least: number;
  largest: number;
  /** A bit a stream that may be the largest. */
  present: number;
}

/** How the kernel is used; for benches. */
export interface StagedOptions {
  /** Traffic that has been worked out before; otherwise it is worked out when it is needed. */
  traffic?: TrafficSource | undefined;
  /** Works out `time_ms` alone. */
  timeOnly?: boolean;
}

export class StagedEvaluator implements StretchEvaluator {
  private readonly grid: Grid;
  private readonly stages: Stages;
  private readonly settings: Setting[][];
  private readonly passes: MergedPass[][];
  private readonly waves: Waves;
  private readonly gpu: Gpu;
  private readonly plain: PlainEvaluator;
  private readonly contexts: BoundedContexts;
  private readonly infeasibleReasons: readonly string[];
  private readonly areaFactors: PerAreaConstant;
  private readonly energyFactors: PerEnergyConstant;
  private readonly block = new Block();
  private readonly targets = new Targets(MAX_BLOCK);
  private readonly bounds: StreamBounds[];
  /** The designs of the last box, and their costs. */
  private designs: BoxDesigns | undefined;
  private designCosts: DesignCosts | undefined;
  /** Whether every point of the range has a row, in order. */
  private allKept = false;
  /** Values of the digits that `walk` has set. */
  private readonly position: number[] = [];

  constructor(
    study: Study,
    private readonly columns: readonly Column[],
    private readonly options: StagedOptions = {},
  ) {
    this.grid = gridOf(study);
    this.stages = stagesOf(study.dimensions);
    this.settings = settingsOf(study);
    this.passes = study.workloads.map(mergedPasses);
    const layers = Math.max(...this.passes.map((passes) => passes.length));
    this.waves = new Waves(layers);
    this.bounds = Array.from({ length: layers }, () => ({ least: 0, largest: 0, present: 0 }));
    this.gpu = toGpu(study.baseline);
    this.areaFactors = areaFactors(this.gpu, study.costs);
    this.energyFactors = energyFactors(this.gpu, study.costs);
    this.plain = new PlainEvaluator(study, columns);
    this.contexts = new BoundedContexts(CONTEXT_BYTES);
    this.infeasibleReasons = (columns.find(({ name }) => name === 'infeasible') as TextColumn).dictionary;
  }

  get contextsMade(): number {
    return this.contexts.made;
  }

  evaluate({ from, to }: Range, rowOf: Int32Array, batch: Batch): void {
    const rows = rowsOf(this.columns, batch);
    this.allKept = isIdentity(rowOf);
    for (const box of boxesOf(this.grid, from, to))
      for (let w = 0; w < box.counts[0]!; w++) {
        const first = box.from - from + w * strideOf(this.grid, 0);
        this.evaluateBox(box, box.first[0]! + w, first, from, rowOf, rows, batch);
      }
  }

  private evaluateBox(
    box: Box,
    workload: number,
    first: number,
    from: number,
    rowOf: Int32Array,
    rows: Rows,
    batch: Batch,
  ): void {
    const { outer, state, block: blockDigits } = this.stages;
    const designs = (this.designs = designsOf(this.grid, this.settings, box, blockDigits, this.designs));
    const states: number[] = [];
    this.walk(box, state, (offset) => states.push(offset));
    const { block } = this;
    this.walk(box, outer, (outerOffset) => {
      const at = first + outerOffset;
      const wanted = this.allKept ? designs.all : wantedDesigns(designs, at, states, rowOf);
      if (wanted.length === 0) return;
      const context = this.contextOf(workload);
      for (let next = 0; next < wanted.length; next += MAX_BLOCK) {
        const ofBlock = wanted.subarray(next, next + MAX_BLOCK);
        this.fillBlock(designs, ofBlock);
        const ready = typeof context !== 'string' && this.startBlock(context, designs, ofBlock);
        this.walk(box, state, (stateOffset) => {
          if (typeof context === 'string') this.writeInfeasible(context, at + stateOffset, rowOf, rows);
          else if (ready && this.setParameters(context, workload))
            this.writeBlock(context, at + stateOffset, rowOf, rows);
          else
            for (const offset of block.offsets.subarray(0, block.n)) {
              const point = at + stateOffset + offset;
              this.plain.evaluatePoint(from + point, rowOf[point]!, batch);
            }
        });
      }
    });
  }

  /** Calls back for every combination of some digits in a box, slowest first, with the design set and the offset of its ids. */
  private walk(box: Box, digits: readonly number[], visit: (offset: number) => void): void {
    const radices = digits.map((digit) => box.counts[digit]!);
    const strides = digits.map((digit) => strideOf(this.grid, digit));
    const steps = new Array<number>(digits.length).fill(0);
    do {
      let offset = 0;
      for (let i = 0; i < digits.length; i++) {
        const digit = digits[i]!;
        this.position[digit] = box.first[digit]! + steps[i]!;
        applySettings(this.gpu, this.settings[digit - 1]!, this.position[digit]);
        offset += steps[i]! * strides[i]!;
      }
      visit(offset);
    } while (!nextDigits(radices, steps));
  }

  /** Gathers some designs of a box, with the rates that the outer digits have set. */
  private fillBlock({ offsets, powers }: BoxDesigns, wanted: Int32Array): void {
    const { block, gpu, waves } = this;
    const n = (block.n = wanted.length);
    const { even } = block;
    gather(offsets, wanted, block.offsets);
    BANDWIDTH_FIELDS.forEach((field, s) => {
      const to = waves.rates.subarray(s * even, (s + 1) * even);
      if (powers[s]) {
        gather(powers[s], wanted, to);
        to[even - 1] = to[n - 1]!;
      } else to.fill(eighth(1 / gpu[field]));
    });
    waves.findRanges(even);
  }

  private contextOf(workload: number): Context | string {
    const position = this.positionOf(this.stages.context);
    const { traffic } = this.options;
    return this.contexts.get(position * this.passes.length + workload, () =>
      makeContext(this.passes[workload]!, this.gpu, traffic && ((pass) => traffic(workload, position, pass))),
    );
  }

  /** Readies the block for the states to come; false if a power leaves the range of doubles. */
  private startBlock(context: Context, designs: BoxDesigns, wanted: Int32Array): boolean {
    const { waves, block } = this;
    waves.coefficients.set(context.coefficients);
    if (!this.findBounds(context)) return false;
    if (this.options.timeOnly) return true;
    const { area, busyArea } = this.costsOf(designs, context);
    gather(area, wanted, block.area);
    gather(busyArea, wanted, block.busyArea);
    return true;
  }

  /** What the streams of each layer are at; false if a power leaves the range of doubles. */
  private findBounds({ coefficients }: Context): boolean {
    const { ranges } = this.waves;
    const layers = coefficients.length / COEFFICIENTS;
    for (let p = 0; p < layers; p++) {
      const bounds = this.bounds[p]!;
      [bounds.least, bounds.largest, bounds.present] = [0, 0, 0];
      for (let s = 0; s < COEFFICIENTS; s++) {
        const coefficient = coefficients[p * COEFFICIENTS + s]!;
        bounds.least = Math.max(bounds.least, coefficient * ranges[2 * s]!);
        bounds.largest = Math.max(bounds.largest, coefficient * ranges[2 * s + 1]!);
      }
      if (!(bounds.largest < LARGEST_POWER)) return false;
      for (let s = 0; s < COEFFICIENTS; s++)
        if (coefficients[p * COEFFICIENTS + s]! * ranges[2 * s + 1]! * TIE8 >= bounds.least) bounds.present |= 1 << s;
    }
    return true;
  }

  /** The costs of a box's designs, with what the outer digits have set; most often those of the last box. */
  private costsOf(designs: BoxDesigns, context: Context): DesignCosts {
    const { gpu, stages, areaFactors: factors } = this;
    const outer = this.positionOf(stages.outer);
    const known = this.designCosts;
    if (known?.designs === designs && known.context === context && known.outer === outer) return known;
    const size = designs.offsets.length;
    const [area, busyArea] = [new Float64Array(size), new Float64Array(size)];
    const [smemRates, l1Rates, l2Rates, dramRates] = BANDWIDTH_FIELDS.map(
      (field, s) => designs.rates[s] ?? new Float64Array(size).fill(gpu[field]),
    ) as [Rates, Rates, Rates, Rates];
    // Areas are linear in the bandwidths: what there is without any, and what a byte per second of each adds.
    const still = { ...gpu, smemBytesPerS: 0, l1BytesPerS: 0, l2BytesPerS: 0, dramBytesPerS: 0 };
    const empty = { ...still, smemBytes: 0, l1Bytes: 0, l2Bytes: 0 };
    const of = (block: AreaBlock, rate: BandwidthField) => blockArea(block, factors, { ...empty, [rate]: 1 });
    const [sramCells, l2Cells] = [blockArea('sram', factors, still), blockArea('l2', factors, still)];
    const [perSmem, perL1] = [of('sram', 'smemBytesPerS'), of('sram', 'l1BytesPerS')];
    const [perL2, perDram] = [of('l2', 'l2BytesPerS'), of('dram', 'dramBytesPerS')];
    for (let i = 0; i < size; i++) {
      const smem = smemRates[i]!;
      const l1 = l1Rates[i]!;
      const l2 = l2Rates[i]!;
      const dram = dramRates[i]!;
      const sramMm2 = sramCells + perSmem * smem + perL1 * l1;
      const l2Mm2 = l2Cells + perL2 * l2;
      const dramMm2 = perDram * dram;
      area[i] = sramMm2 + l2Mm2 + dramMm2;
      busyArea[i] =
        sramMm2 * Math.max(context.busySmemBytes / smem, context.busyL1Bytes / l1) +
        (l2Mm2 * context.busyL2Bytes) / l2 +
        (dramMm2 * context.busyDramBytes) / dram;
    }
    const restMm2 = blockArea('rest', factors, gpu);
    const joules = energyFrom(this.energyFactors, energyAmounts(gpu, context.activity, 0, 0));
    return (this.designCosts = { designs, context, outer, area, busyArea, restMm2, joules });
  }

  /** The position of some digits, as `walk` has set them, in their own grid. */
  private positionOf(digits: readonly number[]): number {
    let position = 0;
    for (const digit of digits) position = position * this.grid.radices[digit]! + this.position[digit]!;
    return position;
  }

  /** Seconds that multipliers and schedulers are busy, as `setParameters` found them. */
  private busyComputeS = 0;

  /** The parameters of every layer's waves on the design as it is set; false if a power leaves the range of doubles. */
  private setParameters({ constants }: Context, workload: number): boolean {
    const { gpu } = this;
    const { parameters } = this.waves;
    const { clockHz, macsPerInstr, issuePerClk, l2LatencyS, dramLatencyS } = gpu;
    const { loopInstructions, prologueSlots, syncClks } = DELTA_CONSTANTS;
    const clksPerFma = (32 * issuePerClk) / ((gpu.macsPerClk * 32) / macsPerInstr);
    const memoryShare = clksPerFma <= 1 ? 0.5 : 1;
    const layers = this.passes[workload]!.length;
    let [computeS, issueS] = [0, 0];
    for (let p = 0; p < layers; p++) {
      const c = p * CONSTANTS;
      const loops = constants[c + FIELD.loops]!;
      const warps = constants[c + FIELD.warps]! / issuePerClk;
      const arithmetic = constants[c + FIELD.warpMacs]! / macsPerInstr + constants[c + FIELD.index]!;
      const fmaClks = arithmetic * clksPerFma;
      const issueSlots = arithmetic + loopInstructions + constants[c + FIELD.memory]! * memoryShare;
      const aroundClks = warps * prologueSlots + constants[c + FIELD.storeClks]!;
      const compute = (warps * loops * fmaClks) / clockHz;
      const issue = (warps * loops * issueSlots + aroundClks) / clockHz;
      const loopClks = Math.max(warps, 1) * Math.max(fmaClks, issueSlots) + syncClks;
      const life = (loops * loopClks + aroundClks) / clockHz + loops * l2LatencyS + 2 * dramLatencyS;
      computeS += constants[c + FIELD.ctas]! * compute;
      issueS += constants[c + FIELD.ctas]! * issue;

      const compute8 = eighth(compute);
      const issue8 = eighth(issue);
      const life8 = eighth(life);
      const fullLife8 = life8 * constants[c + FIELD.size8]!;
      const fullPower = compute8 + issue8 + fullLife8;
      if (!(fullPower > LEAST_POWER && compute8 + issue8 + life8 < LARGEST_POWER)) return false;
      const top = Math.max(compute8, issue8, fullLife8);
      const binds = compute8 * TIE8 >= top ? 0 : issue8 * TIE8 >= top ? 1 : LATENCY;
      const threshold = binds === 0 ? compute8 * TIE8 : binds === 1 ? issue8 * TIE8 : fullLife8 / TIE8;
      const p0 = p * PARAMETERS;
      parameters[p0] = fullPower;
      parameters[p0 + 1] = compute8 + issue8 + life8 * constants[c + FIELD.rest8]!;
      parameters[p0 + 2] = constants[c + FIELD.full]!;
      parameters[p0 + 3] = constants[c + FIELD.rest]!;
      parameters[p0 + 4] = constants[c + FIELD.overheads]!;
      parameters[p0 + 5] = threshold;
      parameters[p0 + 6] = binds;
      const { least, largest, present } = this.bounds[p]!;
      parameters[p0 + 7] =
        (largest > threshold ? MIXED : 0) | (fullPower <= constants[c + FIELD.launch8]! ? LAUNCH : 0);
      parameters[p0 + 8] = present;
      if (parameters[p0 + 7] === MIXED && least > threshold) this.bindByBandwidth(p0);
      if (this.options.timeOnly) parameters[p0 + 7] = parameters[p0 + 6] = 0;
    }
    this.busyComputeS = Math.max(computeS, issueS);
    return true;
  }

  /** Where one bandwidth stream binds all designs of the block, no design needs to be looked at by itself. */
  private bindByBandwidth(p0: number): void {
    const { parameters } = this.waves;
    const stream = [1, 2, 4, 8].indexOf(parameters[p0 + 8]!);
    if (stream < 0) return;
    parameters[p0 + 6] = FIRST_STREAM + stream;
    parameters[p0 + 7] = 0;
  }

  /** Evaluates the block on the design as it is set, and writes its rows. */
  private writeBlock(context: Context, at: number, rowOf: Int32Array, rows: Rows): void {
    const { block, waves } = this;
    const { timeOnly = false } = this.options;
    const { even } = block;
    waves.waves(context.constants.length / CONSTANTS, even);
    waves.findTimes(even, timeOnly);
    const to = this.findTargets(at, rowOf);
    to.write(waves.timesMs, 0, rows.timeMs);
    if (timeOnly) return;
    const computeMm2 = blockArea('compute', this.areaFactors, this.gpu);
    const busyCompute = computeMm2 * this.busyComputeS;
    const { restMm2, joules } = this.designCosts!;
    waves.areas.set(block.area);
    waves.balances.set(block.busyArea);
    const staticWPerMm2 = this.energyFactors.static_w_per_mm2;
    waves.findMetrics(even, { computeMm2, busyCompute, restMm2, joules, staticWPerMm2 });
    rows.shares.forEach((share, b) => to.write(waves.buckets, b * even, share));
    to.write(waves.balances, 0, rows.balance);
    to.write(waves.areas, 0, rows.areaMm2);
    to.write(waves.energies, 0, rows.energyJ);
    to.fill(context.l1Bytes / GIGA, rows.l1Gb);
    to.fill(context.l2Bytes / GIGA, rows.l2Gb);
    to.fill(context.dramBytes / GIGA, rows.dramGb);
    to.fill(-1, rows.infeasible);
  }

  /** The rows of the block's designs in the state at hand. */
  private findTargets(at: number, rowOf: Int32Array): Targets {
    const { block, targets } = this;
    const { n, offsets } = block;
    const first = offsets[0]!;
    targets.clear();
    if (this.allKept && offsets[n - 1]! - first === n - 1) {
      targets.addRun(n, at + first);
      return targets;
    }
    for (let i = 0; i < n; i++) {
      const row = rowOf[at + offsets[i]!]!;
      if (row >= 0) targets.add(i, row);
    }
    return targets;
  }

  private writeInfeasible(reason: string, at: number, rowOf: Int32Array, rows: Rows): void {
    const code = this.infeasibleReasons.indexOf(reason);
    const { infeasible, shares, ...figures } = rows;
    for (const offset of this.block.offsets.subarray(0, this.block.n)) {
      const row = rowOf[at + offset]!;
      if (row < 0) continue;
      for (const figure of [...Object.values(figures), ...shares]) figure[row] = Number.NaN;
      infeasible[row] = code;
    }
  }
}

type Rates = Float64Array;

/** Copies what some designs have; at once where they follow each other. */
function gather<T extends Float64Array | Int32Array>(from: T, wanted: Int32Array, to: T): void {
  const n = wanted.length;
  const first = wanted[0]!;
  if (wanted[n - 1]! - first === n - 1) to.set(from.subarray(first, first + n));
  else for (let i = 0; i < n; i++) to[i] = from[wanted[i]!]!;
}

function isIdentity(rowOf: Int32Array): boolean {
  for (let offset = 0; offset < rowOf.length; offset++) if (rowOf[offset] !== offset) return false;
  return true;
}

/** The designs of which at least one state has a row. */
function wantedDesigns({ offsets }: BoxDesigns, at: number, states: readonly number[], rowOf: Int32Array): Int32Array {
  const wanted = new Int32Array(offsets.length);
  let n = 0;
  for (let i = 0; i < offsets.length; i++) {
    const point = at + offsets[i]!;
    for (let s = 0; s < states.length; s++)
      if (rowOf[point + states[s]!]! >= 0) {
        wanted[n++] = i;
        break;
      }
  }
  return wanted.subarray(0, n);
}

/** The stored columns by what the kernel calls them; throws if one is missing here or there. */
function rowsOf(columns: readonly Column[], batch: Batch): Rows {
  const byName = new Map(columns.map(({ name }, c) => [name, batch.columns[c]!]));
  const take = (name: string) => {
    const column = byName.get(name);
    byName.delete(name);
    if (!column) throw new Error(`the kernel has no column for ${name}`);
    return column as Float64Array;
  };
  take('id');
  const rows: Rows = {
    timeMs: take('time_ms'),
    shares: BOTTLENECKS.map((bottleneck) => take(`${bottleneck}_share`)),
    balance: take('balance'),
    l1Gb: take('l1_gb'),
    l2Gb: take('l2_gb'),
    dramGb: take('dram_gb'),
    areaMm2: take('area_mm2'),
    energyJ: take('energy_j'),
    infeasible: take('infeasible') as unknown as Int32Array,
  };
  if (byName.size > 0) throw new Error(`the kernel does not work out ${[...byName.keys()].join(', ')}`);
  return rows;
}

/** Contexts by key; the oldest go when there are too many. */
class BoundedContexts {
  private readonly known = new Map<number, Context | string>();
  private bytes = 0;
  /** Contexts that were made so far. */
  made = 0;

  constructor(private readonly mostBytes: number) {}

  get(key: number, make: () => Context | string): Context | string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const context = make();
    this.made++;
    this.bytes += bytesOf(context);
    for (const [oldest, gone] of this.known) {
      if (this.bytes <= this.mostBytes) break;
      this.bytes -= bytesOf(gone);
      this.known.delete(oldest);
    }
    this.known.set(key, context);
    return context;
  }
}

function bytesOf(context: Context | string): number {
  return typeof context === 'string' ? 64 : 256 + context.constants.byteLength + context.coefficients.byteLength;
}
