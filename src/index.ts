/** The library: what `import { … } from 'delta-sweep'` gives. */
export { DeltaSweepError, type ErrorCode, type Problem } from './errors.js';
export { BOTTLENECKS, STREAMS, type Bottleneck, type Stream } from './model/bottleneck.js';
export {
  areaAmounts,
  areaFactors,
  areasOf,
  AREA_BLOCKS,
  balanceOf,
  blockArea,
  totalArea,
  type Areas,
  type PerAreaConstant,
} from './model/cost.js';
export { COST_CONSTANTS, type Costs } from './model/costs.js';
export { energyAmounts, energyFactors, energyFrom, type Activity, type PerEnergyConstant } from './model/energy.js';
export { type Bound, type Constant } from './model/ledger.js';
export { evaluateLayer, evaluateLayers, evaluateWorkload } from './model/evaluate.js';
export { utilizationOf, type WorkloadResult } from './model/workload-result.js';
export type { Infeasible } from './model/infeasible.js';
export type { LayerModel, LayerResult } from './model/layer-model.js';
export { toGpu, withAxes, type Gpu, type GpuSpec } from './model/gpu.js';
export { DEFAULT_MODEL, MODEL_NAMES } from './model/model-names.js';
export { macsPerImage, PASSES, type Layer, type Network, type Pass, type Workload } from './model/layer.js';
export { METRICS, type Metric, type PointResult } from './model/metrics.js';
export { AXIS_IDS, RESOURCES, type AxisId, type AxisValue, type ResourceId } from './model/resources.js';
export { loadCosts, parseCosts } from './space/files/costs-file.js';
export { loadGpu, parseGpu } from './space/files/gpu-file.js';
export { builtinNames } from './space/files/library.js';
export { loadNetwork, parseNetwork } from './space/files/network-file.js';
export { loadStudy, parseStudy } from './space/files/spec-file.js';
export { cellOf, columnsOf, type Batch, type Column } from './space/columns.js';
export { PointEvaluator, pointValues } from './space/evaluate-point.js';
export { digitsOf, indexOf, type Grid } from './space/grid.js';
export {
  acceptance,
  gridOf,
  resolveStudy,
  sweptAxes,
  type Objective,
  type Study,
  type SweepSpec,
} from './space/study.js';
export { findFrontier, type Frontier, type FrontierOptions, type FrontierState } from './engine/find-frontier.js';
export { planStudy, type Plan } from './engine/plan.js';
export { Engine, runStudy, type EngineOptions, type Outcome, type RunOptions } from './engine/run.js';
export { MemorySink, type Chunk, type FailedChunk, type Sink } from './engine/sink.js';
export { frontOfBatches, type FrontDesign } from './analysis/front.js';
export { FrontArchive, paretoFront, type Goal } from './analysis/pareto.js';
export { sensitivityOf, type Sensitivity } from './analysis/sensitivity/sensitivity.js';
export { errorStatistics, type ErrorStatistics } from './analysis/validation.js';
export { simulate, type Simulation, type SimulationOptions } from './model/simulation/simulate.js';
