/** What determines the time of a design: the use of each resource, and the next bottleneck. */
import type { Gpu } from '../model/gpu.js';
import { RESOURCES, resourceOf, type ResourceId } from '../model/resources.js';
import type { Reasons } from '../model/response/reasons.js';
import { showNumber, showPercent } from '../model/units.js';
import { renderTable } from './table.js';

/** An elasticity to three decimals, which the steps of a study resolve. */
export const showElasticity = (value: number) =>
  Number.isFinite(value) ? value.toFixed(3).replace(/^-0\.000$/, '0.000') : 'jump';

/** A slack, rounded up to a percent that suffices. */
export const showSlack = (slack: number) => `${Math.ceil(100 * slack - 1e-9)}%`;

const LEGEND =
  'can shrink to: what is enough, each alone, for a time 1% longer. elasticity: percent of the time\n' +
  'that a percent more saves; jump: the time jumps there, or less cannot run.';

/** Reasons as JSON, in which infinite values are null. */
export function reasonsJson({ utilization, slack, elasticity, next }: Reasons) {
  return {
    utilization,
    slack,
    elasticity,
    next_bound: { bound: next.bound, next: next.next ?? null, at: next.factor },
  };
}

/** `issue decides most of the time; once it is 1.15 times as fast, compute decides as much`. */
export function describeNext({ next: { bound, next, factor } }: Reasons): string {
  const most = `${bound} decides most of the time`;
  if (next === undefined) return `${most}, and nothing else any of it`;
  if (factor === 1) return `${bound} and ${next} decide most of the time, equally`;
  return `${most}; once it is ${showNumber(factor)} times as fast, ${next} decides as much`;
}

/** A table of the resources of a design, in the units of GPU files. */
export function renderReasons(reasons: Reasons, gpu: Gpu): string {
  const rows = RESOURCES.map(({ id, unit, si, siPerUnit }) => {
    const stream = resourceOf(id)!.stream;
    const slack = (reasons.slack as Partial<Record<ResourceId, number>>)[id];
    const { down, up } = reasons.elasticity[id];
    return [
      id,
      showNumber(gpu[si] / siPerUnit),
      unit === '1' ? '' : unit,
      stream ? showPercent(reasons.utilization[stream]) : '-',
      slack === undefined ? '-' : showSlack(slack),
      showElasticity(down),
      showElasticity(up),
    ];
  });
  const table = renderTable(
    [
      { heading: '\nresource', align: 'left' },
      { heading: '\nvalue' },
      { heading: '\n', align: 'left' },
      { heading: '\nbusy' },
      { heading: 'can\nshrink to' },
      { heading: 'elasticity\nshrinking' },
      { heading: '\ngrowing' },
    ],
    rows,
  );
  return [table, '', LEGEND, '', describeNext(reasons)].join('\n');
}
