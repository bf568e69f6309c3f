/** Area, energy and power of a design on a workload, with their bounds. */
import { areaFactors, areasOf, totalArea } from '../model/cost.js';
import type { Costs } from '../model/costs.js';
import { activityOf, addActivity, energyAmounts, energyFactors, energyFrom, noActivity } from '../model/energy.js';
import type { Gpu } from '../model/gpu.js';
import type { LayerResult } from '../model/layer-model.js';
import { BOUNDS, knownNodes, missingFigure, type Bound, type Bounded } from '../model/cost-model.js';
import { showNumber } from '../model/units.js';

/** Values with the constants of the cost model, and with all constants at their lower or upper bounds. */
export interface RunCosts {
  area_mm2: Bounded;
  energy_j: Bounded;
  power_w: Bounded;
}

/** Why the cost model gives no values. */
export interface NoCosts {
  unknown: string;
}

/** Area of a design, and energy and power of its layers, each times its count; unknown for a process without cost constants. */
export function costsOf(gpu: Gpu, layers: readonly LayerResult[], costs: Costs): RunCosts | NoCosts {
  const missing = missingFigure(costs, gpu.processNm);
  if (missing) {
    const known = knownNodes(costs).join(', ');
    return {
      unknown: `no area, energy, power: the cost constants have no ${missing} for ${gpu.processNm} nm, only for ${known}`,
    };
  }
  const activity = noActivity();
  let seconds = 0;
  for (const result of layers) {
    addActivity(activity, activityOf(result), result.layer.count);
    seconds += result.layer.count * result.seconds;
  }
  const at = (figure: (bound: Bound) => number) =>
    Object.fromEntries(BOUNDS.map((bound) => [bound, figure(bound)])) as Bounded;
  const area = at((bound) => totalArea(areasOf(gpu, areaFactors(gpu, costs, bound))));
  const energy = at((bound) =>
    energyFrom(energyFactors(gpu, costs, bound), energyAmounts(gpu, activity, area[bound], seconds)),
  );
  return { area_mm2: area, energy_j: energy, power_w: at((bound) => energy[bound] / seconds) };
}

/** `area 436 mm2 (290 to 700), ...` */
export function renderCosts({ area_mm2, energy_j, power_w }: RunCosts): string {
  const show = ({ value, low, high }: Bounded, unit: string) =>
    `${showNumber(value)} ${unit} (${showNumber(low)} to ${showNumber(high)})`;
  return `area ${show(area_mm2, 'mm2')}, energy ${show(energy_j, 'J')}, power ${show(power_w, 'W')}`;
}
