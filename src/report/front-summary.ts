/** Fronts of a study as text. */
import { describeGoals, describeScope, type FrontQuery } from '../analysis/front-query.js';
import { workloadOf, type Objective, type Study } from '../space/study.js';
import { renderFront, sampleFront, showMetric, type FrontPoint } from './front-table.js';

const LEGEND =
  'Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design,\n' +
  'whose time responds to its resources most nearly in proportion to their area, so that no area\n' +
  'moved from one to another buys time. k: the knee of the front.';

const ROBUST_LEGEND =
  'r: robust: no other design takes it off the front wherever the cost constants lie in their\n' +
  "bounds and the times in the model's validated error.";

interface Summary extends FrontQuery {
  study: Study;
  front: readonly FrontPoint[];
}

/** `least time_ms: 309.8 (design 17296)`: what the front says of its first objective. */
function describeBest({ metric, goal }: Objective, [best]: readonly FrontPoint[]): string[] {
  if (!best) return [];
  const extreme = goal === 'minimize' ? 'least' : 'most';
  return [`${extreme} ${metric}: ${showMetric(metric, Number(best[metric]))} (design ${best.id})`];
}

/** The front of each workload, or over all of them, under a headline; at most `most` designs each. */
export function summarizeFront({ study, front, ...query }: Summary, most = Number.POSITIVE_INFINITY): string {
  const { objectives, over, limits } = query;
  const names = study.workloads.map(({ network, batch, pass }) => `${network.name}, batch ${batch}, ${pass}`);
  const sections =
    over === 'each'
      ? names.map((name, w) => ({ name, designs: front.filter(({ id }) => workloadOf(study, id) === w) }))
      : [{ name: `all ${names.length} workloads`, designs: front }];
  const texts = sections.map(({ name, designs }) => {
    const shown = sampleFront(designs, most);
    const some = shown.length < designs.length ? `, ${shown.length} of them shown` : '';
    return [
      `${name}: ${designs.length} designs on the front${some}`,
      describeGoals(objectives),
      ...describeScope(query),
      ...(limits.length > 0 ? describeBest(objectives[0]!, designs) : []),
      '',
      renderFront(study, objectives, shown),
    ].join('\n');
  });
  const legend = front.some(({ robust }) => robust !== null) ? `${LEGEND}\n${ROBUST_LEGEND}` : LEGEND;
  return [...texts, legend].join('\n\n');
}
