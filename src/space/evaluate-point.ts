/** One point of a study: its index -> the design, the workload, the model's figures. */
import { areaFactors, areasOf, totalArea, type PerAreaConstant } from '../model/cost.js';
import { energyAmounts, energyFactors, energyFrom, type PerEnergyConstant } from '../model/energy.js';
import { evaluateWorkload } from '../model/evaluate.js';
import { toGpu, type Gpu } from '../model/gpu.js';
import type { Infeasible } from '../model/infeasible.js';
import type { PointResult } from '../model/metrics.js';
import { resourceOf, type AxisId, type AxisValue } from '../model/resources.js';
import { reasonsOf, type Reasons } from '../model/response/reasons.js';
import { parseTile } from '../model/tile.js';
import { digitsOf } from './grid.js';
import { gridOf, type Study } from './study.js';

/** A digit's effect on the design: fields of `Gpu` and their SI values, one a digit's value. */
export interface Setting {
  field: keyof Gpu;
  values: readonly unknown[];
}

/** What each value of each dimension sets. */
export function settingsOf(study: Study): Setting[][] {
  return study.dimensions.map((dimension) =>
    dimension.map(({ id, values }): Setting => {
      const resource = resourceOf(id);
      return resource
        ? { field: resource.si, values: values.map((value) => Number(value) * resource.siPerUnit) }
        : { field: 'ctaTile', values: values.map((value) => parseTile(String(value))) };
    }),
  );
}

/** Sets a dimension's fields of a design to a value of its digit. */
export function applySettings(gpu: Gpu, settings: readonly Setting[], position: number): void {
  for (const { field, values } of settings) (gpu as unknown as Record<string, unknown>)[field] = values[position];
}

/** Evaluates points of one study; holds what does not depend on the point. */
export class PointEvaluator {
  private readonly grid;
  private readonly settings: Setting[][];
  /** Seconds of the unscaled GPU on each workload, once asked for. */
  private readonly baselineSeconds: (number | undefined)[] = [];
  private readonly gpu: Gpu;
  private readonly areaFactors: PerAreaConstant;
  private readonly energyFactors: PerEnergyConstant;

  constructor(private readonly study: Study) {
    this.grid = gridOf(study);
    this.settings = settingsOf(study);
    this.gpu = toGpu(study.baseline);
    this.areaFactors = areaFactors(this.gpu, study.costs);
    this.energyFactors = energyFactors(this.gpu, study.costs);
  }

  /** The design of a point, by its digits. The same object is reused: valid until the next call. */
  gpuAt(digits: ArrayLike<number>): Gpu {
    this.settings.forEach((settings, d) => applySettings(this.gpu, settings, digits[d + 1]!));
    return this.gpu;
  }

  /** The figures of a point, by its digits. */
  evaluate(digits: ArrayLike<number>): PointResult | Infeasible {
    const gpu = this.gpuAt(digits);
    const workload = evaluateWorkload(gpu, this.study.workloads[digits[0]!]!, this.study.model);
    if ('infeasible' in workload) return workload;
    const areas = areasOf(gpu, this.areaFactors);
    const amounts = energyAmounts(gpu, workload.activity, totalArea(areas), workload.seconds);
    const energy = energyFrom(this.energyFactors, amounts);
    return { workload, baselineSeconds: this.baselineOf(digits[0]!), areas, energy };
  }

  /** Seconds of the unscaled GPU on a workload; NaN where it cannot run it. */
  private baselineOf(workload: number): number {
    const known = this.baselineSeconds[workload];
    if (known !== undefined) return known;
    const result = evaluateWorkload(toGpu(this.study.baseline), this.study.workloads[workload]!, this.study.model);
    return (this.baselineSeconds[workload] = 'infeasible' in result ? Number.NaN : result.seconds);
  }

  /** Why a point takes its time, by its id. */
  reasonsOfId(id: number): Reasons | Infeasible {
    const { workloads, model } = this.study;
    return reasonsOf(this.gpuOfId(id), workloads[this.digitsOf(id)[0]!]!, model);
  }

  /** The design of a point, by its id. */
  gpuOfId(id: number): Gpu {
    return { ...this.gpuAt(this.digitsOf(id)) };
  }

  /** The figures of a point, by its id. */
  evaluateId(id: number): PointResult | Infeasible {
    return this.evaluate(this.digitsOf(id));
  }

  private digitsOf(id: number): number[] {
    const digits: number[] = [];
    digitsOf(this.grid, id, digits);
    return digits;
  }
}

/** What a point is called: its workload and the value of each axis that the study moves. */
export function pointValues(study: Study, id: number): { workload: number; axes: Map<AxisId, AxisValue> } {
  const digits: number[] = [];
  digitsOf(gridOf(study), id, digits);
  const axes = new Map<AxisId, AxisValue>();
  study.dimensions.forEach((dimension, d) => {
    for (const { id: axis, values } of dimension) axes.set(axis, values[digits[d + 1]!]!);
  });
  return { workload: digits[0]!, axes };
}
