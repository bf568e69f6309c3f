/** The balanced designs in words: what bounds them, what to scale next, what sits idle. */
import { blockElasticities } from '../analysis/balance.js';
import { BOTTLENECKS } from '../model/bottleneck.js';
import { AREA_BLOCKS, areaFactors, areasOf, BLOCK_STREAMS, totalArea, type AreaBlock } from '../model/cost.js';
import { modelOf } from '../model/models.js';
import { baselineValue, type Gpu, type GpuSpec } from '../model/gpu.js';
import { metricNamed, type PointResult } from '../model/metrics.js';
import { describeAxis, RATES, resourceOf, type AxisId, type AxisValue, type RateId } from '../model/resources.js';
import type { Reasons } from '../model/response/reasons.js';
import { SLACK_IDS } from '../model/response/slack.js';
import { showNumber, showPercent } from '../model/units.js';
import { workloadName } from '../model/workload-name.js';
import { PointEvaluator, pointValues } from '../space/evaluate-point.js';
import { workloadNames, workloadOf, type Study } from '../space/study.js';
import type { FrontRow } from '../analysis/front-marks.js';
import { showSlack } from './reasons.js';
import { listed, wrap } from './table.js';

/** The most workloads with a paragraph; the tables mark the balanced designs of all. */
const MAX_WORKLOADS = 3;

/** The least share of the area that is idle in a resource, and of the time of a bottleneck, that the text names. */
const MIN_IDLE = 0.01;
const MIN_SHARE = 0.01;
const MAX_IDLE = 3;

/** The rates that grow together where a block does (docs/model.md, 5.4). */
const ratesOf = (block: AreaBlock): RateId[] =>
  RATES.filter((id) => BLOCK_STREAMS[block].some((stream) => stream === resourceOf(id)!.stream));

const rounded = (value: number, digits: number) => showNumber(Number(value.toPrecision(digits)));

/** A smaller elasticity counts as 0. */
const MIN_ELASTICITY = 0.005;

/** The balanced design that a paragraph describes. */
interface Balanced {
  study: Study;
  id: number;
  gpu: Gpu;
  point: PointResult;
  reasons: Reasons;
}

/** A wrapped paragraph for each workload. */
export function describeBalanced(study: Study, front: readonly FrontRow[]): string {
  const evaluator = new PointEvaluator(study);
  const paragraphs = study.workloads.slice(0, MAX_WORKLOADS).map((_, workload) => {
    const designs = front.filter(({ id }) => workloadOf(study, id) === workload);
    const balanced = designs.find((design) => design.balanced);
    const name = study.workloads.length > 1 ? `${workloadName(workloadNames(study)[workload]!)}: ` : '';
    if (!balanced) return wrap(`${name}No stored design is feasible.`);
    return wrap(name + describeDesign(study, balanced.id, designs.length, evaluator));
  });
  const more = study.workloads.length - paragraphs.length;
  if (more > 0)
    paragraphs.push(
      more === 1
        ? 'The balanced design of the other workload is marked in its table.'
        : `The balanced designs of the other ${more} workloads are marked in their tables.`,
    );
  return paragraphs.join('\n\n');
}

/** The paragraph of one balanced design, as one line. */
export function describeDesign(study: Study, id: number, onFront: number, evaluator: PointEvaluator): string {
  const [point, reasons] = [evaluator.evaluateId(id), evaluator.reasonsOfId(id)];
  if ('infeasible' in point || 'infeasible' in reasons) throw new Error(`point ${id} is balanced but infeasible`);
  const balanced: Balanced = { study, id, gpu: evaluator.gpuOfId(id), point, reasons };
  return [whichItIs(balanced, onFront), whatBounds(balanced), whatToScale(balanced), whatIsIdle(balanced)].join(' ');
}

/** `SMs 2, DRAM BW 3`: axes of a design that differ from the baseline, as multiples of it. */
export function multiplesOf(baseline: GpuSpec, axes: Iterable<readonly [AxisId, AxisValue]>): string[] {
  return [...axes].flatMap(([axis, value]) => {
    const base = baselineValue(baseline, axis);
    if (value === base) return [];
    const isMultiple = typeof value === 'number' && typeof base === 'number' && base > 0;
    return `${describeAxis(axis).label} ${isMultiple ? showNumber(value / base) : value}`;
  });
}

function multiples({ study, id }: Balanced): string {
  const changed = multiplesOf(study.baseline, pointValues(study, id).axes);
  return changed.length > 0 ? ` (${changed.join(', ')}, times the baseline)` : ' (the baseline itself)';
}

function whichItIs(balanced: Balanced, onFront: number): string {
  const { study, id, point } = balanced;
  const speedup = metricNamed('speedup')!.of(point);
  const speed = Number.isNaN(speedup) ? '' : `${showNumber(speedup)} times as fast as ${study.baseline.id} `;
  const which = onFront === 1 ? 'The one design on the front is' : 'The balanced design of the front is';
  return `${which} ${id}${multiples(balanced)}, ${speed}on ${showNumber(totalArea(point.areas))} mm2.`;
}

function whatBounds({ point: { workload }, reasons }: Balanced): string {
  const shares = BOTTLENECKS.map((name) => ({ name, share: workload.secondsByBottleneck[name] / workload.seconds }))
    .filter(({ share }) => share >= MIN_SHARE)
    .sort((a, b) => b.share - a.share);
  const bound = listed(
    shares.map(({ name, share }, i) => `${name} (${showPercent(share)}${i === 0 ? ' of the time' : ''})`),
  );
  const { next } = reasons;
  const then =
    next.next === undefined
      ? ''
      : next.factor === 1
        ? ` ${next.bound} and ${next.next} decide equally much of it.`
        : ` Were ${next.bound} ${showNumber(next.factor)} times as fast, ${next.next} would decide as much.`;
  return `It is bound by ${bound}.${then}`;
}

/** Rates that can grow together, what 1% more of them saves in %, and what that costs in mm2. */
interface Growth {
  rates: readonly RateId[];
  saved: number;
  price: number;
}

/**
 * The effect of growing a block: its rates to which the time responds, or all of them if it responds to none. A rate that grows
 * alone may slow the design down (docs/model.md, 5.5): that is a response too.
 */
function growthOf(block: AreaBlock, { study, gpu, point, reasons }: Balanced): Growth {
  const unread: readonly string[] = modelOf(study.model).unread;
  const read = ratesOf(block).filter((id) => !unread.includes(id));
  const responding = read.filter((id) => Math.abs(reasons.elasticity[id].up) >= MIN_ELASTICITY);
  const rates = responding.length > 0 ? responding : read;
  const factors = areaFactors(gpu, study.costs);
  const doubled = { ...gpu };
  for (const id of rates) doubled[resourceOf(id)!.si] *= 2;
  // Areas are linear in each rate: 1% more costs 1% of what doubling costs. The capacities stay.
  const price = (totalArea(areasOf(doubled, factors)) - totalArea(point.areas)) / 100;
  return { rates, saved: blockElasticities(point)[block], price };
}

/** What growing some rates saves, for which area. */
function whatToScale(balanced: Balanced): string {
  const perArea = ({ saved, price }: Growth) => (price > 0 ? saved / price : 0);
  const growths = AREA_BLOCKS.map((block) => growthOf(block, balanced))
    .filter(({ rates }) => rates.length > 0)
    .sort((a, b) => perArea(b) - perArea(a));
  const [most, least] = [growths[0], growths.at(-1)];
  if (!most || !least || most.saved < MIN_ELASTICITY)
    return 'More area buys no time in any block: what binds is no rate.';
  const showGrowth = ({ saved, price }: Growth, what: string) =>
    `1% more of ${what} saves ${saved < MIN_ELASTICITY ? 'nothing' : `${rounded(saved, 2)}% of the time`} ` +
    `for ${rounded(price, 3)} mm2`;
  const next = showGrowth(most, most.rates.length > 1 ? 'both' : 'it');
  return `Scale ${listed(most.rates)} next: ${next}; ${showGrowth(least, listed(least.rates))}.`;
}

/** The resources that free most area when they shrink, each alone. */
function whatIsIdle({ study, gpu, point, reasons }: Balanced): string {
  const area = totalArea(point.areas);
  const factors = areaFactors(gpu, study.costs);
  const unread: readonly string[] = modelOf(study.model).unread;
  const idle = SLACK_IDS.filter((id) => !unread.includes(id))
    .map((id) => {
      const { si } = resourceOf(id)!;
      const shrunk = { ...gpu, [si]: gpu[si] * reasons.slack[id] };
      return { id, slack: reasons.slack[id], freed: area - totalArea(areasOf(shrunk, factors)) };
    })
    .filter(({ freed }) => freed >= MIN_IDLE * area)
    .sort((a, b) => b.freed - a.freed)
    .slice(0, MAX_IDLE);
  if (idle.length === 0)
    return 'Nothing sits idle: no resource could give up a hundredth of the area for a hundredth of the time.';
  const texts = idle.map(
    ({ id, slack, freed }) =>
      `${id} ${slack === 0 ? 'to nothing' : `to ${showSlack(slack)}`} (${rounded(freed, 3)} mm2 less)`,
  );
  return `What sits idle could shrink, each alone for 1% of the time: ${listed(texts)}.`;
}
