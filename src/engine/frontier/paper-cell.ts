/** Bounds of the time of the model `delta-2019`, by its plain path: all its rates are monotone (docs/model.md, 16.1 and 16.2). */
import { evaluateWorkload, type WorkloadResult } from '../../model/evaluate.js';
import type { Gpu } from '../../model/gpu.js';
import type { Infeasible } from '../../model/layer-model.js';
import type { Workload } from '../../model/layer.js';
import { AT, LATENCIES, RATES, type Cell, type Ranges } from './cell.js';

export class PaperCell implements Cell {
  private constructor(
    private readonly gpu: Gpu,
    private readonly workload: Workload,
    readonly work: WorkloadResult,
  ) {}

  /** The cell of a design; undefined where it cannot run. */
  static of(gpu: Gpu, workload: Workload): PaperCell | undefined {
    const result = evaluateWorkload(gpu, workload, 'delta-2019');
    return 'infeasible' in result ? undefined : new PaperCell({ ...gpu }, workload, result);
  }

  private evaluate(rates: Float64Array, { least }: Ranges): WorkloadResult {
    for (const field of RATES) this.gpu[field] = rates[AT[field]]!;
    for (const field of LATENCIES) this.gpu[field] = least[AT[field]]!;
    const result: WorkloadResult | Infeasible = evaluateWorkload(this.gpu, this.workload, 'delta-2019');
    if ('infeasible' in result) throw new Error('rates do not decide whether a design can run');
    return result;
  }

  leastSeconds(ranges: Ranges): number {
    return this.evaluate(ranges.most, ranges).seconds;
  }

  tangentAt(point: Float64Array, ranges: Ranges, slopes: Float64Array): number {
    const { seconds, elastic } = this.evaluate(point, ranges);
    slopes[AT.clockHz] = slopes[AT.macsPerClk] = elastic.compute / seconds;
    slopes[AT.macsPerInstr] = slopes[AT.issuePerClk] = 0;
    slopes[AT.smemBytesPerS] = elastic.smem / seconds;
    slopes[AT.l1BytesPerS] = elastic.l1 / seconds;
    slopes[AT.l2BytesPerS] = elastic.l2 / seconds;
    slopes[AT.dramBytesPerS] = elastic.dram / seconds;
    return seconds;
  }
}
