/** What differs between the specs of two studies, in words. */
import { COST_CONSTANTS, type Costs } from '../../model/costs.js';
import { baselineValue, type GpuSpec } from '../../model/gpu.js';
import { AXIS_IDS, describeAxis, type AxisId, type AxisValue } from '../../model/resources.js';
import { showNumber } from '../../model/units.js';
import { workloadName } from '../../model/workload-name.js';
import type { Study } from '../../space/study.js';
import { describeGoals } from '../front-query.js';
import { matchWorkloads, UNMATCHED, valueKey } from './design-matcher.js';

/** A part of the spec, and what it says before and after. */
export interface SpecDifference {
  what: string;
  before: string;
  after: string;
}

/** A study with the version of the model that worked it out. */
export interface VersionedStudy {
  study: Study;
  model_version: number;
}

/** A list of at most this many values is shown whole; a longer one by its length and its ends. */
const MOST_VALUES = 8;

const NONE = 'none';

const showValue = (value: unknown) => (typeof value === 'number' ? showNumber(value) : String(value));

function showValues(values: readonly AxisValue[]): string {
  if (values.length <= MOST_VALUES) return values.map(showValue).join(', ');
  return `${showNumber(values.length)} from ${showValue(values[0])} to ${showValue(values.at(-1))}`;
}

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function ofModel(a: VersionedStudy, b: VersionedStudy): SpecDifference[] {
  const name = ({ study, model_version }: VersionedStudy) => `${study.model}, version ${model_version}`;
  return name(a) === name(b) ? [] : [{ what: 'model', before: name(a), after: name(b) }];
}

/** Fields of a baseline that count: not where its figures come from. */
function ofBaseline({ baseline: a }: Study, { baseline: b }: Study): SpecDifference[] {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (field) => field !== 'sources' && field !== 'name' && field !== 'id',
  ) as (keyof GpuSpec)[];
  const changed = fields.filter((field) => !sameJson(a[field], b[field]));
  const names = a.id === b.id ? [] : [{ what: 'baseline', before: a.id, after: b.id }];
  const show = (value: unknown) => (value === undefined ? NONE : showValue(value));
  return [
    ...names,
    ...changed.map((field) => ({ what: `baseline ${field}`, before: show(a[field]), after: show(b[field]) })),
  ];
}

function ofWorkloads(a: Study, b: Study): SpecDifference[] {
  const name = (workload: Study['workloads'][number]) => workloadName({ ...workload, network: workload.network.name });
  const [there, here] = [matchWorkloads(a, b), matchWorkloads(b, a)];
  const gone = a.workloads.filter((_, w) => there[w] === UNMATCHED);
  const come = b.workloads.filter((_, w) => here[w] === UNMATCHED);
  const changed = a.workloads.filter(
    ({ network }, w) => there[w] !== UNMATCHED && !sameJson(network.layers, b.workloads[there[w]!]!.network.layers),
  );
  const layers = [...new Map(changed.map(({ network }) => [network.name, network])).values()];
  return [
    ...gone.map((workload) => ({ what: 'workload', before: name(workload), after: NONE })),
    ...come.map((workload) => ({ what: 'workload', before: NONE, after: name(workload) })),
    ...layers.map(({ name: network }) => ({
      what: `network ${network}`,
      before: 'its layers',
      after: 'other layers',
    })),
  ];
}

/** The axes that a study moves, and those that its named options change. */
function axesOf({ dimensions, options }: Study) {
  return new Map((options ? dimensions.slice(1) : dimensions).flat().map(({ id, values }) => [id, values]));
}

function ofAxes(a: Study, b: Study): SpecDifference[] {
  const [was, is] = [axesOf(a), axesOf(b)];
  const valuesOf = (study: Study, axes: typeof was, id: AxisId) => {
    const values = axes.get(id);
    return values ? showValues(values) : `${showValue(baselineValue(study.baseline, id))}, not moved`;
  };
  const keys = (values: readonly AxisValue[] | undefined) => values && values.map(valueKey);
  return AXIS_IDS.filter((id) => !sameJson(keys(was.get(id)), keys(is.get(id)))).map((id) => {
    const { unit } = describeAxis(id);
    const what = unit === '1' || unit === '-' ? id : `${id} [${unit}]`;
    return { what, before: valuesOf(a, was, id), after: valuesOf(b, is, id) };
  });
}

/** Axes that move together. */
function ofLinks(a: Study, b: Study): SpecDifference[] {
  const links = ({ dimensions, options }: Study) =>
    (options ? dimensions.slice(1) : dimensions)
      .filter((dimension) => dimension.length > 1)
      .map((dimension) => dimension.map(({ id }) => id).join('+'))
      .sort();
  return ofLists('linked axes', links(a), links(b));
}

/** What came to a list, and what went. */
function ofLists(what: string, a: readonly string[], b: readonly string[]): SpecDifference[] {
  const gone = a.filter((text) => !b.includes(text));
  const come = b.filter((text) => !a.includes(text));
  return [
    ...gone.map((text) => ({ what, before: text, after: NONE })),
    ...come.map((text) => ({ what, before: NONE, after: text })),
  ];
}

/** Named options: those that came and went, and those that change something else. */
function ofOptions(a: Study, b: Study): SpecDifference[] {
  const changesOf = ({ options = [], dimensions, baseline }: Study) =>
    new Map(
      options.map((name, position) => [
        name,
        dimensions[0]!
          .filter(({ id, values }) => values[position] !== baselineValue(baseline, id))
          .map(({ id, values }) => `${id} ${showValue(values[position])}`)
          .join(', ') || 'nothing changed',
      ]),
    );
  const [was, is] = [changesOf(a), changesOf(b)];
  const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  return names.map((name) => ({
    what: `option ${name}`,
    before: was.get(name) ?? NONE,
    after: is.get(name) ?? NONE,
  }));
}

function ofTexts(what: string, before: string, after: string): SpecDifference[] {
  return before === after ? [] : [{ what, before, after }];
}

/** Cost constants whose value or bounds differ. */
function ofCosts({ costs: a }: Study, { costs: b }: Study): SpecDifference[] {
  const show = ({ value, low, high }: { value: number; low: number; high: number }) =>
    `${showNumber(value)} (${showNumber(low)} to ${showNumber(high)})`;
  const constants = COST_CONSTANTS.filter(({ id }) => !sameJson(a[id], b[id])).map(({ id, unit }) => ({
    what: `cost ${id} [${unit}]`,
    before: `${show(a[id])} at ${a[id].node} nm`,
    after: `${show(b[id])} at ${b[id].node} nm`,
  }));
  const byNode = (['density', 'switching'] as const).flatMap((table) => {
    const nodes = (costs: Costs) => Object.entries(costs[table]).map(([node, figure]) => `${node} nm ${show(figure)}`);
    return ofLists(`cost ${table}`, nodes(a), nodes(b));
  });
  return [...constants, ...byNode];
}

/** Everything that decides the numbers of two studies and differs between them, but for their names. */
export function specDifferences(a: VersionedStudy, b: VersionedStudy): SpecDifference[] {
  const [before, after] = [a.study, b.study];
  const stored = ({ store }: Study) => (store === 'all' ? 'all' : 'the front alone');
  return [
    ...ofModel(a, b),
    ...ofBaseline(before, after),
    ...ofWorkloads(before, after),
    ...ofAxes(before, after),
    ...ofLinks(before, after),
    ...ofOptions(before, after),
    ...ofLists('constraint', before.constraints, after.constraints),
    ...ofTexts('objectives', describeGoals(before.objectives), describeGoals(after.objectives)),
    ...ofTexts('stored points', stored(before), stored(after)),
    ...ofCosts(before, after),
  ];
}
