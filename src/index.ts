/** The library: what `import { … } from 'delta-sweep'` gives (docs/library.md). */
export { DeltaSweepError, type ErrorCode, type FieldPath, type Problem } from './errors.js';

// Studies: run, read, compared, handed on.
export { checkStudy } from './study/check-study.js';
export { diffStudies, type DiffedStudy } from './study/diff-studies.js';
export { exportStudy, type ExportOptions, type ExportResult } from './study/export-study.js';
export type { StudyFront } from './study/front-rows.js';
export { mergeFrontiers, shardedSearches, type ShardedSearch } from './study/merge-frontiers.js';
export { mergeShards, type MergeOptions, type MergeResult } from './study/merge-shards.js';
export { openStudy, type StoredStudy } from './study/open-study.js';
export type { StudyOptions, StudyProgress, WorkerOptions } from './study/options.js';
export { paretoOf, type FrontRequest } from './study/pareto.js';
export { queryStudy, type Question, type QueryStudyOptions } from './study/query-study.js';
export { reportOf } from './study/report-data/report-of.js';
export {
  runShard,
  runStudy,
  type RunResult,
  type RunShardOptions,
  type RunStudyOptions,
  type ShardResult,
} from './study/run-study.js';
export {
  searchFrontier,
  searchShard,
  type FoundFront,
  type SearchRequest,
  type SearchShardResult,
} from './study/search-frontier.js';
export { sensitivityOf, type SensitivityOptions } from './study/sensitivity.js';
export { sensitivityNotes } from './study/sensitivity-notes.js';
export { statusOf } from './study/status-of.js';
export { renderReport } from './report/render-report.js';
export type { RunCounts } from './study/run-messages.js';
export type { Provenance, ReportData, SourcedConstant, WorkloadReport } from './study/report-data/report-data.js';
export type { DesignRow, Marked } from './study/report-data/design-row.js';
export type { QueryResult, SqlValue } from './storage/read/query.js';
export type { Check } from './storage/run/check.js';
export type { RunState, RunStatus, ShardStatus, StudyStatus } from './engine/study-status.js';

// Specs and what they name.
export { loadCosts, parseCosts } from './space/files/costs-file.js';
export { loadGpu, parseGpu } from './space/files/gpu-file.js';
export { builtinNames, type Shelf } from './space/files/library.js';
export { loadNetwork, parseNetwork } from './space/files/network-file.js';
export { loadStudy, parseStudy, type StudySource } from './space/files/spec-file.js';
export { cellOf, columnsOf, type Batch, type Column, type NumberColumn, type TextColumn } from './space/columns.js';
export { PointEvaluator, pointValues } from './space/evaluate-point.js';
export { digitsOf, indexOf, type Dimension, type Grid } from './space/grid.js';
export {
  acceptance,
  gridOf,
  resolveStudy,
  sweptAxes,
  type Objective,
  type SpecContents,
  type StoredPoints,
  type StoredReasons,
  type Study,
  type SweepSpec,
} from './space/study.js';
export type { Axis, AxisSpec } from './space/axis.js';
export type { OptionSpec } from './space/options.js';
export type { Acceptance } from './space/constraints.js';
export type { Shard } from './space/shard.js';

// The model: one GPU and one layer or workload.
export {
  BOTTLENECKS,
  STREAMS,
  type Bottleneck,
  type PerBottleneck,
  type PerStream,
  type Stream,
} from './model/bottleneck.js';
export {
  areaAmounts,
  areaFactors,
  areasOf,
  AREA_BLOCKS,
  balanceOf,
  blockArea,
  totalArea,
  type AreaBlock,
  type AreaConstantId,
  type Areas,
  type PerAreaConstant,
  type PerBlock,
} from './model/cost.js';
export { COST_CONSTANTS, type CostConstantId, type Costs } from './model/costs.js';
export {
  energyAmounts,
  energyFactors,
  energyFrom,
  type Activity,
  type EnergyConstantId,
  type PerEnergyConstant,
} from './model/energy.js';
export { evaluateLayer, evaluateLayers, evaluateWorkload } from './model/evaluate.js';
export { utilizationOf, type WorkloadResult } from './model/workload-result.js';
export type { Infeasible } from './model/infeasible.js';
export { toGpu, withAxes, type Gpu, type GpuSpec, type Memory } from './model/gpu.js';
export { DEFAULT_MODEL, MODEL_NAMES } from './model/model-names.js';
export {
  macsPerImage,
  PASSES,
  type Layer,
  type LayerPass,
  type Network,
  type Pass,
  type Workload,
  type Gemm,
} from './model/layer.js';
export {
  METRICS,
  type Metric,
  type NumericMetric,
  type PointResult,
  type TextMetric,
  type WorkloadFacts,
} from './model/metrics.js';
export {
  AXIS_IDS,
  RESOURCES,
  type AxisId,
  type AxisValue,
  type RateId,
  type ResourceField,
  type ResourceId,
  type LatencyId,
  type CapacityId,
} from './model/resources.js';
export { simulate, type OperandBytes, type Simulation, type SimulationOptions } from './model/simulation/simulate.js';
export type {
  Bound,
  Bounded,
  Constant,
  Declaration,
  CostModel,
  Nodes,
  Scaling,
  NodeFigure,
} from './model/cost-model.js';
export type { GemmResult, LayerModel, LayerResult, LayerTime, Prepared, Slopes } from './model/layer-model.js';
export { registerModel } from './model/models.js';
export type { ModelModule, ModuleLayer, ModuleTime } from './model/module.js';
export type { Formula } from './model/formula.js';
export type { TimeBounds, Ranges, RunWork, WorkRange } from './model/time-bounds.js';
export type { Algorithm, PlannedKernel } from './model/kernel/algorithm.js';
export type { Kernel, KernelWork, Waves } from './model/kernel/kernel.js';
export type { Reasons } from './model/response/reasons.js';
export type { Tile } from './model/tile.js';
export type { Settings, SimulationInput } from './model/simulation/input.js';
export type { Tiling } from './model/tiling.js';
export type { Traffic } from './model/traffic/traffic.js';
export type { Sides } from './model/response/sides.js';
export type { Slack } from './model/response/slack.js';
export type { Elasticities } from './model/response/elasticity.js';
export type { NextBound } from './model/response/next-bound.js';
export type { TileSizes } from './model/simulation/addresses.js';

// The engine without a folder: points go to a sink of your own.
export { Engine, runStudy as evaluateStudy, type EngineOptions, type Outcome, type RunOptions } from './engine/run.js';
export { MemorySink, type Chunk, type FailedChunk, type Marginal, type Sink } from './engine/sink.js';
export { planStudy, type Plan } from './engine/plan.js';
export type { Progress } from './engine/progress.js';
export { frontOfBatches, type FrontDesign } from './analysis/front.js';
export { FrontArchive, paretoFront, type Goal } from './analysis/pareto.js';
export { errorStatistics, type Comparison, type ErrorStatistics } from './analysis/validation.js';
export type { Range } from './engine/chunks.js';
export type { FrontMarks, FrontRow } from './analysis/front-marks.js';
export type { FrontQuery } from './analysis/front-query.js';
export type { Limit } from './analysis/limits.js';
export type { OverWorkloads } from './analysis/over-workloads.js';
export type { MetricRows } from './analysis/workload-fronts.js';
export type { Sensitivity, WorkloadSensitivity, Findings } from './analysis/sensitivity/sensitivity.js';
export type { DiffSide, StudyDiff, WorkloadDiff } from './analysis/diff/study-diff.js';
export type { MetricScale } from './analysis/sensitivity/metric-scale.js';
export type { AxisSensitivity, AxisName, Level, Setting, Step } from './analysis/sensitivity/axis-sensitivity.js';
export type { SpecDifference } from './analysis/diff/spec-differences.js';
export type { DiffedDesign, FrontChange, WhyNot } from './analysis/diff/front-changes.js';
export type { PointChanges, Flip, FlipCount, MetricChange, Move } from './analysis/diff/point-changes.js';
