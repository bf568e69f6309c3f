/** Every constant of the cost model, and what a study carries of them. */
import { AREA_TERMS, type AreaConstantId } from './cost.js';
import { ENERGY_TERMS, STATIC_TERM, type EnergyConstantId } from './energy.js';
import type { Declaration, CostModel } from './cost-model.js';

export type CostConstantId = AreaConstantId | EnergyConstantId;

export const COST_CONSTANTS: readonly (Declaration & { id: CostConstantId })[] = [
  ...AREA_TERMS,
  ...ENERGY_TERMS,
  STATIC_TERM,
];

/** Value, low and high of every constant, sources left behind. */
export type Costs = CostModel<CostConstantId>;
