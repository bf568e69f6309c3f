import type { Workload } from '../model/layer.js';
import { comparesOptions, workloadOf, type Objective, type Study } from '../space/study.js';
import { OPTION_LEGEND, renderOptions, type OptionDesign } from './option-table.js';
import { renderFront, sampleFront, type FrontPoint } from './front-table.js';

const LEGEND =
  'Axes are multiples of the baseline. bal.: share of the silicon at work. *: the balanced design,\n' +
  'whose time responds to its resources most nearly in proportion to their area, so that no area\n' +
  'moved from one to another buys time. k: the knee of the front.';

const showWorkload = ({ network, batch, pass }: Workload) => `${network.name}, batch ${batch}, ${pass}`;

const showGoals = (objectives: readonly Objective[]) =>
  objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');

/** The front of each workload under a headline; at most `most` designs a workload. */
export function summarizeFront(
  study: Study,
  objectives: readonly Objective[],
  front: readonly FrontPoint[],
  most = Number.POSITIVE_INFINITY,
): string {
  const sections = study.workloads.map((workload, w) => {
    const designs = front.filter(({ id }) => workloadOf(study, id) === w);
    const shown = sampleFront(designs, most);
    const some = shown.length < designs.length ? `, ${shown.length} of them shown` : '';
    return [
      `${showWorkload(workload)}: ${designs.length} designs on the front${some}`,
      showGoals(objectives),
      '',
      comparesOptions(study) ? renderOptions(study, objectives, shown) : renderFront(study, objectives, shown),
    ].join('\n');
  });
  return [...sections, comparesOptions(study) ? OPTION_LEGEND : LEGEND].join('\n\n');
}

/** All design options on each workload under a headline, those of the front marked. */
export function summarizeOptions(
  study: Study,
  objectives: readonly Objective[],
  options: readonly OptionDesign[],
): string {
  const sections = study.workloads.map((workload, w) => {
    const designs = options.filter(({ id }) => workloadOf(study, id) === w);
    const onFront = designs.filter(({ on_front }) => on_front).length;
    return [
      `${showWorkload(workload)}: ${designs.length} design options, ${onFront} on the front`,
      showGoals(objectives),
      '',
      renderOptions(study, objectives, designs),
    ].join('\n');
  });
  return [...sections, OPTION_LEGEND].join('\n\n');
}
