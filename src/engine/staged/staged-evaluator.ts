/** Evaluates ranges of a grid by a model of algorithms: a stage is evaluated only when one of its digits moves (space/stages.ts). */
import { areaFactors, type PerAreaConstant } from '../../model/cost.js';
import { energyFactors, type PerEnergyConstant } from '../../model/energy.js';
import { slotsOf, type Algorithm } from '../../model/kernel/algorithm.js';
import { contextOf, type TrafficSource } from '../../model/kernel/context.js';
import { modelOf } from '../../model/models.js';
import { mergedPasses, type MergedPass } from '../../model/passes.js';
import { boxesOf, type Box } from '../../space/boxes.js';
import type { Batch, Column, TextColumn } from '../../space/columns.js';
import { strideOf } from '../../space/grid.js';
import { stagesOf, type Stages } from '../../space/stages.js';
import type { Study } from '../../space/study.js';
import type { Range } from '../chunks.js';
import type { Evaluator } from '../evaluator.js';
import { PlainEvaluator } from '../plain-evaluator.js';
import { BlockEvaluator } from './block-evaluator.js';
import { designsOf, type BoxDesigns } from './box-designs.js';
import { ContextCache } from './context-cache.js';
import { designCosts, type DesignCosts } from './design-costs.js';
import { groupByChoice } from './group-by-choice.js';
import { GridWalk } from './grid-walk.js';
import { StagedContext, type ResolvedWork } from './resolved-work.js';
import { rowsOf, writeInfeasible, type Rows } from './rows.js';
import { Targets } from './targets.js';
import { MAX_BLOCK } from './waves.js';

/** Contexts kept, at most, in bytes. */
const CONTEXT_BYTES = 64 * 2 ** 20;

/** How the evaluator is used; for benches. */
export interface StagedOptions {
  /** Traffic computed before; default: traffic is computed when it is needed. */
  traffic?: TrafficSource | undefined;
  /** Evaluates `time_ms` alone. */
  timeOnly?: boolean;
}

/** A range that is being evaluated. */
interface Wanted {
  from: number;
  rowOf: Int32Array;
  /** Whether every point of the range has a row, in order. */
  isWhole: boolean;
  rows: Rows;
  batch: Batch;
}

/** Costs of a box's designs, and what they follow from. */
interface KnownCosts {
  costs: DesignCosts;
  designs: BoxDesigns;
  work: ResolvedWork;
  outer: number;
}

export class StagedEvaluator implements Evaluator {
  private readonly algorithms: readonly Algorithm[];
  private readonly stages: Stages;
  private readonly passes: MergedPass[][];
  private readonly walk: GridWalk;
  private readonly block: BlockEvaluator;
  private readonly plain: PlainEvaluator;
  private readonly contexts = new ContextCache(CONTEXT_BYTES);
  private readonly infeasibleReasons: readonly string[];
  private readonly areaFactors: PerAreaConstant;
  private readonly energyFactors: PerEnergyConstant;
  private readonly targets = new Targets(MAX_BLOCK);
  private designs: BoxDesigns | undefined;
  private known: KnownCosts | undefined;

  constructor(
    study: Study,
    private readonly columns: readonly Column[],
    private readonly options: StagedOptions = {},
  ) {
    this.algorithms = modelOf(study.model).algorithms!;
    this.stages = stagesOf(study.dimensions);
    this.passes = study.workloads.map(mergedPasses);
    this.walk = new GridWalk(study);
    const { gpu } = this.walk;
    const kernels = slotsOf(this.algorithms) * Math.max(...this.passes.map((passes) => passes.length));
    this.block = new BlockEvaluator(gpu, kernels, options.timeOnly ?? false);
    this.areaFactors = areaFactors(gpu, study.costs);
    this.energyFactors = energyFactors(gpu, study.costs);
    this.plain = new PlainEvaluator(study, columns);
    this.infeasibleReasons = (columns.find(({ name }) => name === 'infeasible') as TextColumn).dictionary;
  }

  get contextsMade(): number {
    return this.contexts.made;
  }

  evaluate({ from, to }: Range, rowOf: Int32Array, batch: Batch): void {
    const wanted = { from, rowOf, isWhole: isIdentity(rowOf), rows: rowsOf(this.columns, batch), batch };
    const { grid } = this.walk;
    for (const box of boxesOf(grid, from, to))
      for (let w = 0; w < box.counts[0]!; w++)
        this.evaluateBox(box, box.first[0]! + w, box.from - from + w * strideOf(grid, 0), wanted);
  }

  /** @param first offset of the box's first point from that of the range */
  private evaluateBox(box: Box, workload: number, first: number, wanted: Wanted): void {
    const { walk, stages } = this;
    const designs = (this.designs = designsOf(walk.grid, walk.settings, box, stages.block, this.designs));
    const states: number[] = [];
    walk.walk(box, stages.state, (offset) => states.push(offset));
    walk.walk(box, stages.outer, (outerOffset) => {
      const at = first + outerOffset;
      const some = wanted.isWhole ? designs.all : designsWithRows(designs, at, states, wanted.rowOf);
      if (some.length === 0) return;
      const context = this.contextOf(workload);
      for (let next = 0; next < some.length; next += MAX_BLOCK)
        this.evaluateStates(box, context, designs, some.subarray(next, next + MAX_BLOCK), at, wanted);
    });
  }

  /** Evaluates some designs, those of a block, on every state of a box. */
  private evaluateStates(
    box: Box,
    context: StagedContext | string,
    designs: BoxDesigns,
    some: Int32Array,
    at: number,
    wanted: Wanted,
  ): void {
    const { block, walk, stages } = this;
    block.fill(designs, some);
    const work = typeof context === 'string' ? undefined : context.only;
    const isReady = work && this.startBlock(work, designs, some);
    walk.walk(box, stages.state, (stateOffset) => {
      const state = at + stateOffset;
      if (typeof context === 'string') this.writeReason(context, state, wanted);
      else if (!work) this.evaluateChoices(context, designs, some, state, wanted);
      else if (isReady && block.setParameters(work)) this.writeBlock(work, state, wanted);
      else this.evaluatePlainly(state, wanted);
    });
  }

  /** Evaluates the designs of a block on a state, each with the algorithms that are fastest on it. */
  private evaluateChoices(
    context: StagedContext,
    designs: BoxDesigns,
    some: Int32Array,
    state: number,
    wanted: Wanted,
  ): void {
    const { block } = this;
    const groups =
      block.start(context.all) && block.setParameters(context.all, true) ? groupByChoice(context, block) : undefined;
    if (!groups) return this.evaluatePlainly(state, wanted);
    for (const { work, members } of groups) {
      const ofGroup = members.map((member) => some[member]!);
      block.fill(designs, ofGroup);
      if (this.startBlock(work, designs, ofGroup) && block.setParameters(work)) this.writeBlock(work, state, wanted);
      else this.evaluatePlainly(state, wanted);
    }
    block.fill(designs, some);
  }

  private evaluatePlainly(state: number, { from, rowOf, batch }: Wanted): void {
    const { block } = this;
    for (const offset of block.offsets.subarray(0, block.n))
      this.plain.evaluatePoint(from + state + offset, rowOf[state + offset]!, batch);
  }

  private contextOf(workload: number): StagedContext | string {
    const position = this.walk.positionOf(this.stages.context);
    const { traffic } = this.options;
    const passes = this.passes[workload]!;
    return this.contexts.get(position * this.passes.length + workload, () => {
      const layers = contextOf(
        this.algorithms,
        passes,
        this.walk.gpu,
        traffic && ((pass, slot) => traffic(workload, position, pass, slot)),
      );
      return typeof layers === 'string' ? layers : new StagedContext(layers);
    });
  }

  /** Readies the block for the states to come; false if a power leaves the range of doubles. */
  private startBlock(work: ResolvedWork, designs: BoxDesigns, some: Int32Array): boolean {
    if (!this.block.start(work)) return false;
    if (!this.options.timeOnly) this.block.setCosts(this.costsOf(designs, work), some);
    return true;
  }

  /** The costs of a box's designs, with what the outer digits have set; most often those of the last box. */
  private costsOf(designs: BoxDesigns, work: ResolvedWork): DesignCosts {
    const outer = this.walk.positionOf(this.stages.outer);
    const { known } = this;
    if (known?.designs === designs && known.work === work && known.outer === outer) return known.costs;
    const costs = designCosts(designs, work, this.walk.gpu, this.areaFactors, this.energyFactors);
    this.known = { costs, designs, work, outer };
    return costs;
  }

  private writeBlock(work: ResolvedWork, state: number, wanted: Wanted): void {
    const targets = this.findTargets(state, wanted);
    this.block.write(work, targets, wanted.rows, this.areaFactors, this.energyFactors.static_w_per_mm2);
  }

  /** The rows of the block's designs in a state. */
  private findTargets(state: number, { isWhole, rowOf }: Wanted): Targets {
    const { block, targets } = this;
    const { n, offsets } = block;
    const first = offsets[0]!;
    targets.clear();
    if (isWhole && offsets[n - 1]! - first === n - 1) {
      targets.addRun(n, state + first);
      return targets;
    }
    for (let i = 0; i < n; i++) {
      const row = rowOf[state + offsets[i]!]!;
      if (row >= 0) targets.add(i, row);
    }
    return targets;
  }

  private writeReason(reason: string, state: number, { rowOf, rows }: Wanted): void {
    const { block } = this;
    const code = this.infeasibleReasons.indexOf(reason);
    for (const offset of block.offsets.subarray(0, block.n)) {
      const row = rowOf[state + offset]!;
      if (row >= 0) writeInfeasible(rows, row, code);
    }
  }
}

function isIdentity(rowOf: Int32Array): boolean {
  for (let offset = 0; offset < rowOf.length; offset++) if (rowOf[offset] !== offset) return false;
  return true;
}

/** The designs of which at least one state has a row. */
function designsWithRows(
  { offsets }: BoxDesigns,
  at: number,
  states: readonly number[],
  rowOf: Int32Array,
): Int32Array {
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
