/** A study: a sweep spec with everything it names resolved. Plain data, so that threads and files can hold it. */
import { DeltaSweepError, inputError, inputErrors, type Problem } from '../errors.js';
import type { Costs } from '../model/costs.js';
import { missingFigure } from '../model/cost-model.js';
import { DEFAULT_MODEL } from '../model/model-names.js';
import { modelOf } from '../model/models.js';
import type { GpuSpec } from '../model/gpu.js';
import type { Network, Pass, Workload } from '../model/layer.js';
import { AXIS_IDS, type AxisId } from '../model/resources.js';
import { resolveAxis, type Axis, type AxisSpec } from './axis.js';
import { compileConstraints, countAccepted, type Acceptance } from './constraints.js';
import { resolveOptions, type OptionSpec } from './options.js';
import { digitsOf, dimensionSize, gridSize, makeGrid, MAX_GRID_SIZE, type Dimension, type Grid } from './grid.js';

type AxisSpecs = Partial<Record<AxisId, AxisSpec>>;

/** A sweep spec as its file has it. */
export interface SweepSpec {
  name: string;
  model?: string;
  baseline: string;
  /** A built-in cost model, or a path. */
  costs?: string;
  workloads: { network: string; batch: number; pass?: Pass }[];
  /** May be left out where there are options. */
  axes?: AxisSpecs;
  linked?: AxisSpecs[];
  options?: OptionSpec[];
  constraints?: string[];
  objectives?: { minimize?: string[]; maximize?: string[] };
  store?: { points?: StoredPoints; reasons?: StoredReasons; layers?: false };
}

/** What a spec refers to by name or path, loaded. */
export interface SpecContents {
  baseline: GpuSpec;
  /** One a workload of the spec, in order. */
  networks: readonly Network[];
  costs: Costs;
  /** The model by its registered name, and the text of a module; default: the built-in model that the spec names. */
  model?: { model: string; modelSource?: string | undefined };
}

/** Which points a study keeps: all, or the front alone with summaries along each axis. */
export type StoredPoints = 'all' | 'front';

/** Which designs have their reasons stored: those on the front, or every stored point. */
export type StoredReasons = 'front' | 'all';

export interface Objective {
  metric: string;
  goal: 'minimize' | 'maximize';
}

export interface Study {
  name: string;
  /** The name that the model is registered by. */
  model: string;
  /** The text of the user's module, where the model is one. */
  modelSource?: string | undefined;
  baseline: GpuSpec;
  workloads: readonly Workload[];
  dimensions: readonly Dimension[];
  /** Names of the values of the first dimension, where these are named design options. */
  options?: readonly string[];
  constraints: readonly string[];
  objectives: readonly Objective[];
  store: StoredPoints;
  reasons: StoredReasons;
  costs: Costs;
}

/** The objectives of a spec that names none. */
export const DEFAULT_OBJECTIVES = { minimize: ['time_ms', 'area_mm2'] };

/** The objectives that two lists of metrics ask for. */
export function toObjectives(spec: { minimize?: readonly string[]; maximize?: readonly string[] }): Objective[] {
  return [
    ...(spec.minimize ?? []).map((metric) => ({ metric, goal: 'minimize' as const })),
    ...(spec.maximize ?? []).map((metric) => ({ metric, goal: 'maximize' as const })),
  ];
}

/** A metric that two of the objectives are on. */
export function repeatedMetric(objectives: readonly Objective[]): string | undefined {
  return objectives.find(({ metric }, i) => objectives.findIndex((o) => o.metric === metric) !== i)?.metric;
}

/** Collects the problems of independent checks, so that one error names them all. */
function collect<T>(problems: Problem[], resolve: () => T): T | undefined {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof DeltaSweepError) || error.code !== 'input') throw error;
    for (const problem of error.problems) problems.push(problem);
    return undefined;
  }
}

function resolveAxes(specs: AxisSpecs, baseline: GpuSpec, path: (string | number)[], problems: Problem[]): Axis[] {
  return Object.entries(specs).flatMap(([id, spec]) => {
    const axis = collect(problems, () => resolveAxis(id as AxisId, spec, baseline, [...path, id]));
    return axis ? [axis] : [];
  });
}

/** Digit of a point's id that tells its option, in a study with options. */
export const OPTION_DIGIT = 1;

/** Options, axes in the order of the spec, then linked groups; each is one digit of a point's id. */
function resolveDimensions(spec: SweepSpec, baseline: GpuSpec, problems: Problem[]): Dimension[] {
  const options = spec.options ? [resolveOptions(spec.options, baseline, problems)] : [];
  const crossed = resolveAxes(spec.axes ?? {}, baseline, ['axes'], problems).map((axis) => [axis]);
  const linked = (spec.linked ?? []).map((group, i) => {
    const axes = resolveAxes(group, baseline, ['linked', i], problems);
    const odd = axes.find((axis) => axis.values.length !== axes[0]!.values.length);
    if (odd)
      problems.push({
        path: ['linked', i, odd.id],
        what: 'axes that move together need as many values each',
        got: odd.values.length,
        expected: `${axes[0]!.values.length} as ${axes[0]!.id} has`,
      });
    return axes;
  });
  const seen = new Set(crossed.map(([axis]) => axis!.id));
  linked.forEach((axes, i) => {
    for (const { id } of axes) {
      if (seen.has(id)) problems.push({ path: ['linked', i, id], what: `axis '${id}' is there twice` });
      seen.add(id);
    }
  });
  spec.options?.forEach((option, i) => {
    for (const part of ['scale', 'values'] as const)
      for (const id of Object.keys(option[part] ?? {}) as AxisId[])
        if (seen.has(id))
          problems.push({
            path: ['options', i, part, id],
            what: `axis '${id}' is in axes or linked too`,
            expected: 'it in one place',
          });
  });
  return [...options, ...crossed, ...linked].filter((dimension) => dimension.length > 0);
}

function checkPasses(workloads: readonly Workload[], model: string, problems: Problem[]): void {
  const { passes } = modelOf(model);
  for (const [i, { pass }] of workloads.entries())
    if (!passes.includes(pass))
      problems.push({
        path: ['workloads', i, 'pass'],
        what: `model ${model} does not cover this pass`,
        got: pass,
        expected: passes.join(' or '),
      });
}

/** Rows tell networks apart by name alone. */
function checkNetworks(workloads: readonly Workload[], problems: Problem[]): void {
  const first = new Map<string, string>();
  for (const [i, { network }] of workloads.entries()) {
    const contents = JSON.stringify(network);
    if ((first.get(network.name) ?? contents) !== contents)
      problems.push({ path: ['workloads', i, 'network'], what: 'another network has this name', got: network.name });
    else first.set(network.name, contents);
  }
}

function checkObjectives(objectives: readonly Objective[], problems: Problem[]): void {
  const twice = repeatedMetric(objectives);
  if (twice) problems.push({ path: ['objectives'], what: `'${twice}' is both minimized and maximized` });
  if (objectives.length === 0) problems.push({ path: ['objectives'], what: 'empty', expected: 'at least one metric' });
}

function checkProcess(contents: SpecContents, problems: Problem[]): void {
  const { process_nm: node, id } = contents.baseline;
  const missing = missingFigure(contents.costs, node);
  if (missing)
    problems.push({
      path: ['baseline'],
      what: `no ${missing} for the process of ${id} among the cost constants`,
      got: `${node} nm`,
      expected: `one of ${Object.keys(contents.costs[missing]).join(', ')} nm`,
    });
}

/**
 * Works a spec out. Throws an input error that names every problem: bad axis values, a grid beyond 2^53 points,
 * constraints that cannot be read or that reject every point.
 */
export function resolveStudy(spec: SweepSpec, contents: SpecContents): Study {
  const problems: Problem[] = [];
  const workloads = spec.workloads.map(({ batch, pass }, i) => ({
    network: contents.networks[i]!,
    batch,
    pass: pass ?? 'forward',
  }));
  const study: Study = {
    name: spec.name,
    ...(contents.model ?? { model: spec.model ?? DEFAULT_MODEL }),
    baseline: contents.baseline,
    workloads,
    dimensions: resolveDimensions(spec, contents.baseline, problems),
    ...(spec.options ? { options: spec.options.map(({ name }) => name) } : {}),
    constraints: spec.constraints ?? [],
    objectives: toObjectives(spec.objectives ?? DEFAULT_OBJECTIVES),
    store: spec.store?.points ?? 'all',
    reasons: spec.store?.reasons ?? 'front',
    costs: contents.costs,
  };
  checkNetworks(workloads, problems);
  checkPasses(workloads, study.model, problems);
  checkObjectives(study.objectives, problems);
  checkProcess(contents, problems);
  if (problems.length > 0) throw inputErrors(problems);

  const size = gridSize(workloads.length, study.dimensions);
  if (size > BigInt(MAX_GRID_SIZE))
    throw inputError({
      path: ['axes'],
      what: `the grid has ${size} points (${gridShape(study)})`,
      expected: `at most 2^53 = ${MAX_GRID_SIZE}`,
    });
  checkAcceptance(study, Number(size));
  return study;
}

function checkAcceptance(study: Study, size: number): void {
  const { accepted, rejectedBy } = acceptance(study);
  if (accepted !== 0) return;
  const culprit = rejectedBy.indexOf(size);
  if (culprit < 0) throw inputError({ path: ['constraints'], what: 'together they reject every point of the grid' });
  throw inputError({
    path: ['constraints', culprit],
    what: 'rejects every point of the grid',
    got: study.constraints[culprit],
  });
}

/** `2 workloads x sm_count 4 x l2_mib 3`. */
export function gridShape(study: Study): string {
  const { length } = study.workloads;
  const dimensions = study.dimensions.map((d, i) => {
    const isOptions = study.options !== undefined && i + 1 === OPTION_DIGIT;
    return `${isOptions ? 'options' : d.map((axis) => axis.id).join('+')} ${dimensionSize(d)}`;
  });
  return [`${length} workload${length === 1 ? '' : 's'}`, ...dimensions].join(' x ');
}

export function gridOf(study: Study): Grid {
  return makeGrid(study.workloads.length, study.dimensions);
}

/** The workloads as people name them. */
export function workloadNames(study: Study): { network: string; batch: number; pass: Pass }[] {
  return study.workloads.map(({ network, batch, pass }) => ({ network: network.name, batch, pass }));
}

/** Position of the workload of a point: the slowest digit of its id. */
export function workloadOf(study: Study, id: number): number {
  return Math.floor(id / (gridOf(study).size / study.workloads.length));
}

/** Whether a study's designs are its options, and nothing crosses them. */
export function comparesOptions({ options, dimensions }: Study): boolean {
  return options !== undefined && dimensions.length === 1;
}

/** The points of one design, one a workload, given that of the first. */
export function pointIds(study: Study, id: number): number[] {
  const stride = gridOf(study).size / study.workloads.length;
  return study.workloads.map((_, workload) => id + workload * stride);
}

/** How many points the study's constraints keep. */
export function acceptance(study: Study): Acceptance {
  const grid = gridOf(study);
  return countAccepted(compileConstraints(study.constraints, grid, study.baseline), grid);
}

/** Whether the study's constraints keep a point, by its id. */
export function pointFilter(study: Study): (id: number) => boolean {
  const grid = gridOf(study);
  const constraints = compileConstraints(study.constraints, grid, study.baseline);
  const digits: number[] = [];
  return (id) => {
    digitsOf(grid, id, digits);
    return constraints.every(({ accepts }) => accepts(digits));
  };
}

/** The axes that the study moves, in the order of `AXIS_IDS`. */
export function sweptAxes(study: Study): Axis[] {
  return study.dimensions.flat().sort((a, b) => AXIS_IDS.indexOf(a.id) - AXIS_IDS.indexOf(b.id));
}
