/**
 * Traffic of every context of a study, or of those that some ids meet, computed once and shared by all threads. The threads divide the layers among
 * them: preparing a layer takes far longer than asking it about one design.
 */
import { alternativesOf, slotsOf, type Algorithm } from '../../model/kernel/algorithm.js';
import { modelOf } from '../../model/models.js';
import { toGpu, type Gpu } from '../../model/gpu.js';
import type { Traffic } from '../../model/traffic/traffic.js';
import { applySettings, settingsOf } from '../../space/evaluate-point.js';
import { boxesOf } from '../../space/boxes.js';
import { nextDigits } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import type { TrafficSource } from '../../model/kernel/context.js';
import { mergedPasses, type MergedPass } from '../../model/passes.js';
import { stagesOf } from '../../space/stages.js';
import type { Range } from '../chunks.js';

/** Bytes of a GPU kernel: L1, L2 and DRAM of the first operand and of the second, results in DRAM and in L2, reads in step. */
const FIGURES = 10;

/** The most figures that are shared: 56 MB. A study of more contexts leaves them to each thread, chunk by chunk. */
const MAX_FIGURES = 7_000_000;

/** A pass of a workload, by position. */
export interface PassIndex {
  workload: number;
  pass: number;
}

export class SharedTraffic {
  private readonly figures: Float64Array;
  private readonly passes: MergedPass[][];
  private readonly algorithms: readonly Algorithm[];
  /** GPU kernels of a pass, at most. */
  private readonly slots: number;
  /** Contexts that are shared; after them comes the baseline. */
  private readonly contexts: number;

  /** For a thread that fills or reads the table; without `buffer`, a new table. Of ids that are not in `ids` nothing is asked. */
  constructor(
    private readonly study: Study,
    readonly buffer?: SharedArrayBuffer,
    private readonly ids?: Range,
  ) {
    this.passes = study.workloads.map(mergedPasses);
    this.algorithms = modelOf(study.model).algorithms!;
    this.slots = slotsOf(this.algorithms);
    const { radices } = gridOf(study);
    const all = stagesOf(study.dimensions).context.reduce((product, digit) => product * radices[digit]!, 1);
    const rows = this.slots * this.passes.reduce((sum, passes) => sum + passes.length, 0);
    this.contexts = rows * (all + 1) * FIGURES <= MAX_FIGURES ? all : 0;
    this.buffer ??= new SharedArrayBuffer(rows * (this.contexts + 1) * FIGURES * 8);
    this.figures = new Float64Array(this.buffer);
  }

  /** Every pass that has to be filled in. */
  get all(): PassIndex[] {
    return this.passes.flatMap((passes, workload) => passes.map((_, pass) => ({ workload, pass })));
  }

  private at({ workload, pass }: PassIndex, context: number, slot: number): number {
    const before = this.passes.slice(0, workload).reduce((sum, passes) => sum + passes.length, 0);
    return (((before + pass) * this.slots + slot) * (this.contexts + 1) + context) * FIGURES;
  }

  /** Fills in a pass, on every context that is asked for and on which it can run. */
  fill(index: PassIndex): void {
    const { dimensions, baseline } = this.study;
    const merged = this.passes[index.workload]![index.pass]!;
    this.write(index, this.contexts, merged, toGpu(baseline));
    if (this.contexts === 0) return;
    const { context } = stagesOf(dimensions);
    const settings = settingsOf(this.study);
    const radices = context.map((digit) => gridOf(this.study).radices[digit]!);
    const digits = new Array<number>(context.length).fill(0);
    const gpu = toGpu(baseline);
    const isAsked = this.contextFilter(index.workload, context);
    let position = 0;
    do {
      if (isAsked(digits)) {
        context.forEach((digit, i) => applySettings(gpu, settings[digit - 1]!, digits[i]!));
        this.write(index, position, merged, gpu);
      }
      position++;
    } while (!nextDigits(radices, digits));
  }

  /** Whether the ids meet a context of a workload, by its digits. */
  private contextFilter(workload: number, context: readonly number[]): (digits: readonly number[]) => boolean {
    const { ids } = this;
    if (!ids) return () => true;
    const boxes = boxesOf(gridOf(this.study), ids.from, ids.to).filter(
      ({ first, counts }) => workload >= first[0]! && workload < first[0]! + counts[0]!,
    );
    return (digits) =>
      boxes.some(({ first, counts }) =>
        context.every((digit, i) => digits[i]! >= first[digit]! && digits[i]! < first[digit]! + counts[digit]!),
      );
  }

  private write(index: PassIndex, context: number, { layer, batch, pass }: MergedPass, gpu: Gpu): void {
    const alternatives = alternativesOf(this.algorithms, gpu, layer, batch, pass);
    if ('infeasible' in alternatives) return;
    for (const { slot, kernels } of alternatives)
      kernels.forEach((kernel, k) => {
        const { l1, l2, dram, written = dram.ofmap, inStep = dram } = kernel.traffic();
        this.figures.set(
          [
            ...[l1.ifmap, l1.filter, l2.ifmap, l2.filter],
            ...[dram.ifmap, dram.filter, dram.ofmap, written, inStep.ifmap, inStep.filter],
          ],
          this.at(index, context, slot + k),
        );
      });
  }

  private read(index: PassIndex, context: number, slot: number): Traffic {
    const at = this.at(index, context, slot);
    const [l1Ifmap, l1Filter, l2Ifmap, l2Filter, ifmap, filter, ofmap, written, stepIfmap, stepFilter] = [
      ...this.figures.subarray(at, at + FIGURES),
    ] as [number, number, number, number, number, number, number, number, number, number];
    return {
      l1: { ifmap: l1Ifmap, filter: l1Filter },
      l2: { ifmap: l2Ifmap, filter: l2Filter },
      dram: { ifmap, filter, ofmap },
      written,
      inStep: { ifmap: stepIfmap, filter: stepFilter },
    };
  }

  /** Reads the table; undefined where it does not hold the study's contexts. */
  get source(): TrafficSource | undefined {
    if (this.contexts === 0) return undefined;
    return (workload, context, pass, slot) => this.read({ workload, pass }, context, slot);
  }

  /** Reads the baseline's traffic, whatever the context. */
  get baseline(): TrafficSource {
    return (workload, _, pass, slot) => this.read({ workload, pass }, this.contexts, slot);
  }
}
