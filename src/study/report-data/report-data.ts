/** The data of a report, apart from its presentation. */
import type { WorkloadSensitivity } from '../../analysis/sensitivity/sensitivity.js';
import type { Gpu } from '../../model/gpu.js';
import type { LayerResult } from '../../model/layer-model.js';
import type { Reasons } from '../../model/response/reasons.js';
import type { Study } from '../../space/study.js';
import type { FrontRow } from '../../analysis/front-marks.js';
import type { DesignRow, Marked } from './design-row.js';

export interface ReportData {
  study: Study;
  provenance: Provenance;
  workloads: WorkloadReport[];
}

/** Where the numbers come from. */
export interface Provenance {
  hash: string;
  toolVersion: string;
  modelVersion: string;
  host: string;
  started: string;
  /** Null if the run has not finished: the report covers the points stored so far. */
  finished: string | null;
  /** The number of evaluated points, and of points of the grid. */
  points: number;
  grid: number;
  /** The constants of the cost model. */
  constants: SourcedConstant[];
}

export interface SourcedConstant {
  id: string;
  meaning: string;
  unit: string;
  value: number;
  low: number;
  high: number;
  node: number;
  /** Undefined if the study replaces the built-in value. */
  source: string | undefined;
}

export interface WorkloadReport {
  /** `resnet152, batch 256, forward` */
  name: string;
  /** The size of the front, and the designs of it that the page holds, sorted by the first objective. */
  frontSize: number;
  front: FrontRow[];
  /** Designs that are not on the front; all of them if `isWhole`. */
  sample: DesignRow[];
  isWhole: boolean;
  /** The number of stored points, and of points of the grid. */
  stored: number;
  grid: number;
  /** The number of stored points that are feasible. */
  feasible: number;
  /** Whether the run has finished: a point that is not stored is not on the front, or a constraint rejects it. */
  isFinished: boolean;
  /** The baseline, unless it cannot run the workload. */
  baseline: DesignRow | undefined;
  marked: Marked[];
  balanced: { design: FrontRow; gpu: Gpu; reasons: Reasons } | undefined;
  /** By id: layer for layer, pass for pass. */
  layers: ReadonlyMap<number, readonly LayerResult[]>;
  sensitivity: WorkloadSensitivity | undefined;
  /** Caveats of the sensitivity. */
  sensitivityNotes: string[];
  infeasible: { reason: string; points: number }[];
  /** The model's relative error of times against measurements; undefined without measurements. */
  validatedError: number | undefined;
}
