import { workloadOf, type Objective, type Study } from '../space/study.js';
import { renderFront, sampleFront, type FrontPoint } from './front-table.js';

const LEGEND =
  'Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design,\n' +
  'whose time responds to its resources most nearly in proportion to their area, so that no area\n' +
  'moved from one to another buys time. k: the knee of the front.';

/** The front of each workload under a headline; at most `most` designs a workload. */
export function summarizeFront(
  study: Study,
  objectives: readonly Objective[],
  front: readonly FrontPoint[],
  most = Number.POSITIVE_INFINITY,
): string {
  const goals = objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');
  const sections = study.workloads.map(({ network, batch, pass }, workload) => {
    const designs = front.filter(({ id }) => workloadOf(study, id) === workload);
    const shown = sampleFront(designs, most);
    const some = shown.length < designs.length ? `, ${shown.length} of them shown` : '';
    return [
      `${network.name}, batch ${batch}, ${pass}: ${designs.length} designs on the front${some}`,
      goals,
      '',
      renderFront(study, objectives, shown),
    ].join('\n');
  });
  return [...sections, LEGEND].join('\n\n');
}
