/** What a report is made of: figures that were read and worked out, nothing of how they look. */
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
  /** Null where the run has not finished: the report is of what is stored so far. */
  finished: string | null;
  /** Points that were evaluated, and points of the grid. */
  points: number;
  grid: number;
  /** Constants of area and energy. */
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
  /** Undefined where the study has other figures than the built-in ledger. */
  source: string | undefined;
}

export interface WorkloadReport {
  /** `resnet152, batch 256, forward` */
  name: string;
  /** Designs on the front, and those of them that the page holds, sorted by the first objective. */
  frontSize: number;
  front: FrontRow[];
  /** Designs behind the front; all of them where `isWhole`. */
  sample: DesignRow[];
  isWhole: boolean;
  /** Points of the workload that are stored, and points of its grid. */
  stored: number;
  grid: number;
  /** Those of the stored ones that are feasible. */
  feasible: number;
  /** Whether the run has finished: points that are not stored are not on the front, or were rejected by a constraint. */
  isFinished: boolean;
  /** The unscaled GPU, unless it cannot run the workload. */
  baseline: DesignRow | undefined;
  marked: Marked[];
  balanced: { design: FrontRow; gpu: Gpu; reasons: Reasons } | undefined;
  /** By id: layer for layer, pass for pass. */
  layers: ReadonlyMap<number, readonly LayerResult[]>;
  sensitivity: WorkloadSensitivity | undefined;
  /** What a reader should know of it. */
  sensitivityNotes: string[];
  infeasible: { reason: string; points: number }[];
  /** How far off the model's times are where it was measured, as a fraction; undefined where no measurement says. */
  validatedError: number | undefined;
}
