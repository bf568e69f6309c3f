/** What a report of a stored study is made of, read and computed; memory does not grow with the study. */
import type { FrontRow } from '../../analysis/front-marks.js';
import { evaluateLayers } from '../../model/evaluate.js';
import { baselineValue } from '../../model/gpu.js';
import type { LayerResult } from '../../model/layer-model.js';
import { layerPasses, type Workload } from '../../model/layer.js';
import { METRICS } from '../../model/metrics.js';
import { validatedError } from '../../model/validity.js';
import { workloadName } from '../../model/workload-name.js';
import { PointEvaluator } from '../../space/evaluate-point.js';
import { gridOf, sweptAxes, workloadNames, workloadOf, type Study } from '../../space/study.js';
import { readManifest } from '../../storage/folder/manifest.js';
import { studyFiles } from '../../storage/folder/study-files.js';
import { countInfeasible, samplePoints } from '../../storage/read/sample-points.js';
import { ownFront } from '../compute-front.js';
import { BASELINE_ID, type DesignRow, type Marked } from './design-row.js';
import { markedDesigns } from './marked-designs.js';
import { pause, type StudyOptions } from '../options.js';
import { provenanceOf } from './provenance.js';
import type { ReportData, WorkloadReport } from './report-data.js';
import { sampleFront } from './sample-front.js';
import { sensitivityNotes } from '../sensitivity-notes.js';
import { sensitivityOf } from '../sensitivity.js';

/** Designs that a page holds, shared among its workloads: those on fronts, and those behind them. */
const MOST_ON_FRONTS = 1200;
const MOST_OF_ONE_FRONT = 400;
const MOST_BEHIND = 4000;
const MOST_BEHIND_ONE = 1500;

/** Lines of layers that a page holds, shared likewise. */
const MOST_LAYERS = 16_000;

const share = (of: number, workloads: number, most: number, least: number) =>
  Math.max(least, Math.min(most, Math.floor(of / workloads)));

/** Reads a stored study, which is not changed, and computes what a report of it shows. */
export async function reportOf(folder: string, options: StudyOptions = {}): Promise<ReportData> {
  const manifest = readManifest(folder);
  const { study, finished } = manifest;
  if (finished === null)
    options.onNote?.('note: the run of this study has not finished; this is of what is stored so far');
  const { designs: front } = await ownFront(folder, manifest, options);
  const sensitivity = front.length > 0 ? sensitivityOf(folder) : undefined;
  const evaluator = new PointEvaluator(study);
  const workloads: WorkloadReport[] = [];
  for (let w = 0; w < study.workloads.length; w++) {
    await pause(options);
    const designs = front.filter(({ id }) => workloadOf(study, id) === w);
    workloads.push({
      ...workloadReport(folder, study, w, designs, evaluator),
      isFinished: finished !== null,
      sensitivity: sensitivity?.workloads[w],
      sensitivityNotes: sensitivity ? sensitivityNotes(sensitivity) : [],
    });
  }
  return { study, provenance: provenanceOf(folder, manifest), workloads };
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
    balanced: balancedOf(onFront, evaluator),
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

function balancedOf(front: readonly FrontRow[], evaluator: PointEvaluator): WorkloadReport['balanced'] {
  const design = front.find(({ balanced }) => balanced);
  if (!design) return undefined;
  const reasons = evaluator.reasonsOfId(design.id);
  if ('infeasible' in reasons) throw new Error(`point ${design.id} is balanced but infeasible`);
  return { design, gpu: evaluator.gpuOfId(design.id), reasons };
}

/** The layers of the marked designs and, up to a limit, of others on the front. */
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
