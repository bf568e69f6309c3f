/** What a report of a stored study is made of, read and worked out; memory does not grow with the study. */
import type { FrontRow } from '../analysis/front-marks.js';
import { signOf } from '../analysis/front-archive.js';
import type { Sensitivity } from '../analysis/sensitivity/sensitivity.js';
import { DEFAULT_PAYS } from '../analysis/sensitivity/sensitivity.js';
import { parseCostsSpec } from '../space/files/costs-file.js';
import { findFile } from '../space/files/library.js';
import { COST_CONSTANTS } from '../model/costs.js';
import { evaluateLayers } from '../model/evaluate.js';
import { baselineValue } from '../model/gpu.js';
import type { LayerResult } from '../model/layer-model.js';
import { layerPasses, type Workload } from '../model/layer.js';
import { BOUNDS } from '../model/ledger.js';
import { metricNamed, METRICS } from '../model/metrics.js';
import { validatedError } from '../model/validity.js';
import { workloadName } from '../model/workload-name.js';
import { describeDesign } from '../report/balanced.js';
import { BASELINE_ID, figureOf, type DesignRow, type Marked } from '../report/charts/design-row.js';
import { metricName } from '../report/charts/quantities.js';
import { sampleFront } from '../report/front-table.js';
import type { Provenance, ReportData, SourcedConstant, WorkloadReport } from '../report/page/report-data.js';
import { sensitivityNotes } from '../report/sensitivity.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { gridOf, sweptAxes, workloadNames, workloadOf, type Objective, type Study } from '../space/study.js';
import { readManifest, type Manifest } from '../storage/folder/manifest.js';
import { countPoints } from '../storage/read/results.js';
import { countInfeasible, samplePoints } from '../storage/read/sample-points.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { ownFront } from './fronts.js';
import { sensitivityOfStored } from './sensitivity.js';

/** Designs that a page holds, shared among its workloads: those on fronts, and those behind them. */
const MOST_ON_FRONTS = 1200;
const MOST_OF_ONE_FRONT = 400;
const MOST_BEHIND = 4000;
const MOST_BEHIND_ONE = 1500;

/** Lines of layers that a page holds, shared likewise. */
const MOST_LAYERS = 16_000;

const share = (of: number, workloads: number, most: number, least: number) =>
  Math.max(least, Math.min(most, Math.floor(of / workloads)));

/** Reads a study, works out what is told of it. */
export function gatherReport(folder: string): ReportData {
  const manifest = readManifest(folder);
  const { study } = manifest;
  const { front } = ownFront(folder, manifest);
  const sensitivity = front.length > 0 ? timeSensitivity(folder, study) : undefined;
  const evaluator = new PointEvaluator(study);
  return {
    study,
    provenance: provenanceOf(folder, manifest),
    workloads: study.workloads.map((_, w) => {
      const designs = front.filter(({ id }) => workloadOf(study, id) === w);
      return {
        ...workloadReport(folder, study, w, designs, evaluator),
        isFinished: manifest.finished !== null,
        sensitivity: sensitivity?.workloads[w],
        sensitivityNotes: sensitivity ? sensitivityNotes(sensitivity) : [],
      };
    }),
  };
}

function timeSensitivity(folder: string, study: Study): Sensitivity {
  return sensitivityOfStored(folder, study, metricNamed('time_ms')!, DEFAULT_PAYS);
}

function workloadReport(
  folder: string,
  study: Study,
  w: number,
  onFront: FrontRow[],
  evaluator: PointEvaluator,
): Omit<WorkloadReport, 'isFinished' | 'sensitivity' | 'sensitivityNotes'> {
  const { database } = studyFiles(folder);
  const workloads = study.workloads.length;
  const perWorkload = gridOf(study).size / workloads;
  const [from, to] = [w * perWorkload, (w + 1) * perWorkload];
  const workload = workloadNames(study)[w]!;
  const ids = new Set(onFront.map(({ id }) => id));
  const sample = samplePoints(database, from, to, share(MOST_BEHIND, workloads, MOST_BEHIND_ONE, 100));
  const baseline = baselineOf(study, w);
  const marked = markedDesigns(study, onFront, baseline);
  const named = new Set(marked.map(({ design }) => design.id));
  const front = sampleFront(onFront, share(MOST_ON_FRONTS, workloads, MOST_OF_ONE_FRONT, 40), named);
  return {
    name: workloadName(workload),
    frontSize: onFront.length,
    front,
    sample: sample.rows.filter(({ id }) => !ids.has(id)),
    isWhole: sample.isWhole,
    stored: sample.stored,
    feasible: sample.feasible,
    grid: perWorkload,
    baseline,
    marked,
    balanced: balancedOf(study, onFront, evaluator),
    layers: layersOf(study, study.workloads[w]!, front, marked, evaluator),
    infeasible: onFront.length > 0 ? [] : countInfeasible(database, from, to),
    validatedError: validatedError(study.model, workload.pass),
  };
}

/** The row of the unscaled GPU on a workload, as if it were a point; undefined where it cannot run it. */
function baselineOf(study: Study, w: number): DesignRow | undefined {
  const point = new PointEvaluator({ ...study, dimensions: [] }).evaluateId(w);
  if ('infeasible' in point) return undefined;
  return {
    ...Object.fromEntries(sweptAxes(study).map(({ id }) => [id, baselineValue(study.baseline, id)])),
    ...Object.fromEntries(METRICS.map(({ name, of }) => [name, of(point)])),
    id: BASELINE_ID,
  };
}

/** What the best design by an objective is called. */
const BEST: Record<string, string> = {
  'minimize time_ms': 'fastest',
  'maximize speedup': 'fastest',
  'maximize images_per_s': 'fastest',
  'maximize tflops': 'fastest',
  'minimize area_mm2': 'smallest',
};

const nameOfBest = ({ metric, goal }: Objective) =>
  BEST[`${goal} ${metric}`] ?? `${goal === 'minimize' ? 'least' : 'most'} ${metricName(metric)}`;

/** The designs that are told apart by name, from the worst by the first objective to the best. */
function markedDesigns(study: Study, front: readonly FrontRow[], baseline: DesignRow | undefined): Marked[] {
  const marked: Marked[] = [];
  const mark = (design: DesignRow | undefined, name: string) => {
    if (!design) return;
    const known = marked.find((other) => other.design.id === design.id);
    if (known) known.names.push(name);
    else marked.push({ design, names: [name] });
  };
  const isBaseline = (design: DesignRow) =>
    sweptAxes(study).every(({ id }) => design[id] === baselineValue(study.baseline, id));
  mark(front.find(isBaseline) ?? baseline, 'baseline');
  mark(
    front.find(({ balanced }) => balanced),
    'balanced',
  );
  mark(
    front.find(({ knee }) => knee),
    'knee',
  );
  for (const objective of study.objectives) {
    const cost = (design: DesignRow) => signOf(objective.goal) * figureOf(design, objective.metric);
    const best = front.reduce<FrontRow | undefined>((a, b) => (a && cost(a) <= cost(b) ? a : b), undefined);
    mark(best, nameOfBest(objective));
  }
  const { metric, goal } = study.objectives[0]!;
  const cost = ({ design }: Marked) => signOf(goal) * figureOf(design, metric);
  return marked.sort((a, b) => cost(b) - cost(a));
}

function balancedOf(study: Study, front: readonly FrontRow[], evaluator: PointEvaluator): WorkloadReport['balanced'] {
  const design = front.find(({ balanced }) => balanced);
  if (!design) return undefined;
  const reasons = evaluator.reasonsOfId(design.id);
  if ('infeasible' in reasons) throw new Error(`point ${design.id} is balanced but infeasible`);
  const paragraph = describeDesign(study, design.id, front.length, evaluator);
  return { design, gpu: evaluator.gpuOfId(design.id), reasons, paragraph };
}

/** The layers of the marked designs and, as far as there is room, of those on the front. */
function layersOf(
  study: Study,
  workload: Workload,
  front: readonly FrontRow[],
  marked: readonly Marked[],
  evaluator: PointEvaluator,
): Map<number, LayerResult[]> {
  const lines = workload.network.layers.reduce((sum, _, i) => sum + layerPasses(workload.pass, i).length, 0);
  const most = Math.floor(MOST_LAYERS / study.workloads.length / lines);
  const ids = [...marked.map(({ design }) => design.id), ...sampleFront(front, Math.max(4, most)).map(({ id }) => id)];
  const unscaled = new PointEvaluator({ ...study, dimensions: [] });
  const layers = new Map<number, LayerResult[]>();
  for (const id of new Set(ids)) {
    const gpu = id === BASELINE_ID ? unscaled.gpuOfId(0) : evaluator.gpuOfId(id);
    const results = evaluateLayers(gpu, workload, study.model);
    if (!('infeasible' in results)) layers.set(id, results);
  }
  return layers;
}

function provenanceOf(folder: string, manifest: Manifest): Provenance {
  const { study, hash, tool_version, model_version, host, started, finished } = manifest;
  return {
    ...{ hash, host, started, finished },
    toolVersion: tool_version,
    modelVersion: `${study.model}, version ${model_version}`,
    points: countPoints(studyFiles(folder).database),
    grid: gridOf(study).size,
    constants: sourcedConstants(study),
  };
}

/** The study's constants; with their sources where they are those of the built-in ledger. */
function sourcedConstants({ costs }: Study): SourcedConstant[] {
  const builtIn = parseCostsSpec(findFile('costs', 'default', '.'));
  return COST_CONSTANTS.map(({ id, meaning, unit }) => {
    const { value, low, high, node } = costs[id];
    const known = builtIn[id];
    const isKnown = node === known.node && BOUNDS.every((bound) => costs[id][bound] === known[bound]);
    return { id, meaning, unit, value, low, high, node, source: isKnown ? known.source : undefined };
  });
}
