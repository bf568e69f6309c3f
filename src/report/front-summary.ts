/** Fronts of a study, and its named options, as text. */
import { describeGoals, describeScope } from '../analysis/front-query.js';
import type { OverWorkloads } from '../analysis/over-workloads.js';
import { workloadName } from '../model/workload-name.js';
import { comparesOptions, workloadNames, workloadOf, type Objective, type Study } from '../space/study.js';
import { plotFront, type PlotOptions } from './front-plot.js';
import { renderFront, showMetric } from './front-table.js';
import { sampleFront } from '../study/report-data/sample-front.js';
import type { FrontRow } from '../analysis/front-marks.js';
import type { OptionRow, StudyFront } from '../study/front-rows.js';
import { OPTION_LEGEND, renderOptions } from './option-table.js';

const LEGEND =
  'Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design,\n' +
  'whose time responds to its resources most nearly in proportion to their area, so that no area\n' +
  'moved from one to another buys time. k: the knee of the front.';

const ROBUST_LEGEND =
  'r: robust: no other design takes it off the front wherever the cost constants lie in their\n' +
  "bounds and the times in the model's validated error.";

/** How the metrics of each workload are combined (docs/model.md, 14.1). */
const OVER_LEGENDS: Record<OverWorkloads, string[]> = {
  each: [],
  geomean: [
    'Over all workloads: speedups are geometric means; bal., shares of time and power are arithmetic\n' +
      'means; traffic and energy are sums.',
  ],
  worst: [
    'Over all workloads: speedup, bal., shares of time and power are each that of the workload where it\n' +
      'is worst, so that shares can add up to more than 100%; traffic and energy are sums.',
  ],
};

type Summary = Omit<StudyFront, 'points' | 'seconds'>;

/** `resnet152, batch 256, forward`, one a workload. */
const showWorkloads = (study: Study) => workloadNames(study).map(workloadName);

/** `least time_ms: 309.8 (design 17296)`: the best value of the first objective. */
function describeBest({ metric, goal }: Objective, [best]: readonly FrontRow[]): string[] {
  if (!best) return [];
  const extreme = goal === 'minimize' ? 'least' : 'most';
  return [`${extreme} ${metric}: ${showMetric(metric, Number(best[metric]))} (design ${best.id})`];
}

/** The most workloads whose fronts are drawn. */
const MAX_PLOTS = 3;

/** The front of each workload, or over all of them, as small charts for a terminal; none if there is nothing to draw. */
export function plotFronts({ study, designs: front, objectives, over }: Summary, options: PlotOptions): string[] {
  return sectionsOf(study, front, over)
    .slice(0, MAX_PLOTS)
    .flatMap(({ name, designs }) => {
      const plot = plotFront(objectives, designs, options);
      return plot === undefined ? [] : `${name}\n${plot}`;
    });
}

/** The designs of each workload, or over all of them. */
function sectionsOf(study: Study, front: readonly FrontRow[], over: OverWorkloads) {
  const names = showWorkloads(study);
  return over === 'each'
    ? names.map((name, w) => ({ name, designs: front.filter(({ id }) => workloadOf(study, id) === w) }))
    : [{ name: `all ${names.length} workloads`, designs: front }];
}

/** The front of each workload, or over all of them, under a headline; at most `most` designs each. */
export function summarizeFront({ study, designs: front, ...query }: Summary, most = Number.POSITIVE_INFINITY): string {
  const { objectives, over, limits } = query;
  const isOptions = comparesOptions(study);
  const texts = sectionsOf(study, front, over).map(({ name, designs }) => {
    const shown = sampleFront(designs, most);
    const some = shown.length < designs.length ? `, ${shown.length} of them shown` : '';
    return [
      `${name}: ${designs.length} design${designs.length === 1 ? '' : 's'} on the front${some}`,
      describeGoals(objectives),
      ...describeScope(query),
      ...(limits.length > 0 ? describeBest(objectives[0]!, designs) : []),
      '',
      comparesOptions(study) ? renderOptions(study, objectives, shown) : renderFront(study, objectives, shown),
    ].join('\n');
  });
  const legend = legendOf(isOptions ? OPTION_LEGEND : LEGEND, front);
  return [...texts, [legend, ...OVER_LEGENDS[over]].join('\n')].join('\n\n');
}

const legendOf = (legend: string, front: readonly FrontRow[]) =>
  front.some(({ robust }) => robust !== null) ? `${legend}\n${ROBUST_LEGEND}` : legend;

/** All design options on each workload under a headline, those of the front marked. */
export function summarizeOptions(
  study: Study,
  objectives: readonly Objective[],
  options: readonly OptionRow[],
): string {
  const sections = showWorkloads(study).map((name, w) => {
    const designs = options.filter(({ id }) => workloadOf(study, id) === w);
    const onFront = designs.filter(({ on_front }) => on_front).length;
    return [
      `${name}: ${designs.length} design options, ${onFront} on the front`,
      describeGoals(objectives),
      '',
      renderOptions(study, objectives, designs),
    ].join('\n');
  });
  return [...sections, legendOf(OPTION_LEGEND, options)].join('\n\n');
}
