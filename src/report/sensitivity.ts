/** The sensitivity of a metric to the axes of a study, as text. */
import { nameOf, type AxisName, type AxisSensitivity, type Setting } from '../analysis/sensitivity/axis-sensitivity.js';
import type { Sensitivity, WorkloadSensitivity } from '../analysis/sensitivity/sensitivity.js';
import { showNumber } from '../model/units.js';
import { workloadName } from '../model/workload-name.js';
import { isFrontAlone, sensitivityNotes } from '../study/sensitivity-notes.js';
import { renderTable, wrap, type TableColumn } from './table.js';

/** The most values of an axis that the table lists: the first ones, then the last ones. */
const MAX_LEVELS = 12;
const LAST_LEVELS = 3;

/** The most values of an axis in its row of the table. */
const MAX_LISTED = 3;

const UNKNOWN = '-';

/** A block for each workload, a legend, and caveats. */
export function renderSensitivity(sensitivity: Sensitivity): string {
  const blocks = sensitivity.workloads.map((workload) => renderWorkload(sensitivity, workload));
  const notes = sensitivityNotes(sensitivity).map((text) => wrap(`note: ${text}`));
  return [...blocks, legendOf(sensitivity), ...notes].join('\n\n');
}

function legendOf({ better, means, metric, pays, workloads }: Sensitivity): string {
  const hasLinked = workloads.some(({ axes }) => axes.some((axis) => axis.axes.length > 1));
  const isGeometric = means === 'geometric';
  return [
    `gain: what a step ${better === 'low' ? 'takes off' : 'adds to'} ${metric}${isFrontAlone(workloads) ? '' : ', all else equal'}${isGeometric ? '' : ', as a part of its mean'}.`,
    `stops paying at: the value from which on no step gains ${showPart(pays)}%.`,
    ...(isGeometric ? ['elasticity: % better for 1% more.'] : []),
    `effect: the mean ${isGeometric ? 'over' : 'minus'} that of the baseline's value (of the first, where no design has it).`,
    `first order, total: the part of the variance of ${varianceOf({ means, metric })} that the axis explains alone, and with all its interactions.`,
    ...(hasLinked ? ['Axes with + are linked: they move together and cannot be told apart.'] : []),
  ]
    .map((text) => wrap(text))
    .join('\n');
}

const varianceOf = ({ means, metric }: Pick<Sensitivity, 'means' | 'metric'>) =>
  means === 'geometric' ? `ln ${metric}` : metric;

function renderWorkload(sensitivity: Sensitivity, workload: WorkloadSensitivity): string {
  const { points, grid, mean, variance, axes } = workload;
  const { means, metric, unit } = sensitivity;
  const head = `${workloadName(workload)}: ${showNumber(points)} of ${showNumber(grid)} designs`;
  if (mean === null) return `${head}\nno design that can run`;
  const spread =
    variance === null ? '' : `, standard deviation of ${varianceOf(sensitivity)} ${showNumber(Math.sqrt(variance))}`;
  const figures = `${means} mean of ${metric} ${showNumber(mean)}${unit === '1' ? '' : ` ${unit}`}${spread}`;
  if (axes.length === 0) return `${head}\n${figures}\nthe study moves no axis`;
  return [
    `${head}\n${figures}`,
    renderAxes(axes),
    renderLevels(sensitivity, axes),
    wrap(inWords(sensitivity, workload)),
  ].join('\n\n');
}

const AXIS_COLUMNS: TableColumn[] = [
  { heading: '\naxis', align: 'left' },
  { heading: '\nvalues', align: 'left' },
  { heading: '\nbest step', align: 'left' },
  { heading: 'gain\n%' },
  { heading: 'stops\npaying at', align: 'left' },
  { heading: 'elas-\nticity' },
  { heading: 'first\norder %' },
  { heading: 'total\n%' },
];

/** A row for each axis; linked axes are lines of the same row. */
function renderAxes(axes: readonly AxisSensitivity[]): string {
  const rows = axes.map((axis) => {
    const { best_step: best, elasticity, first_order: firstOrder, total } = axis;
    return [
      showName(axis),
      showSettings(axis, showListed),
      best ? showSetting(axis, (id) => `${showValue(best.from[id])} to ${showValue(best.to[id])}`) : UNKNOWN,
      showPart(best?.gain),
      showStop(axis),
      showFigure(elasticity),
      showPart(firstOrder),
      showPart(total),
    ];
  });
  return renderTable(AXIS_COLUMNS, rows);
}

/** A row for each value of each axis, with the step that leads to it. */
function renderLevels({ metric }: Sensitivity, axes: readonly AxisSensitivity[]): string {
  const columns: TableColumn[] = [
    { heading: 'axis', align: 'left' },
    { heading: 'value' },
    { heading: `mean ${metric}` },
    { heading: 'effect' },
    { heading: 'gain %' },
    { heading: 'elasticity' },
  ];
  const rows = axes.flatMap((axis) => {
    const { levels, steps } = axis;
    const all = levels.map(({ value, mean, effect }, i) => [
      i === 0 ? showName(axis) : '',
      showSetting(axis, (id) => showValue(value[id])),
      showFigure(mean),
      showFigure(effect),
      i === 0 ? '' : showPart(steps[i - 1]?.gain),
      i === 0 ? '' : showFigure(steps[i - 1]?.elasticity ?? null),
    ]);
    if (all.length <= MAX_LEVELS) return all;
    return [...all.slice(0, MAX_LEVELS - LAST_LEVELS - 1), ['', '…', '', '', '', ''], ...all.slice(-LAST_LEVELS)];
  });
  return renderTable(columns, rows);
}

/** Which axis matters most, which could be dropped, and which interact. */
function inWords(sensitivity: Sensitivity, { findings, axes }: WorkloadSensitivity): string {
  const { matters_most: most, could_be_dropped: dropped, interacting } = findings;
  if (most === null) return `No axis moves ${sensitivity.metric}.`;
  const total = axes[0]!.total;
  if (total === null || dropped === null || interacting === null) return `${most} matters most.`;
  return [
    `${most} matters most: ${showPart(total)}% of the variance of ${varianceOf(sensitivity)}.`,
    dropped.length > 0
      ? `Below 1%, and could be dropped from the sweep: ${dropped.join(', ')}.`
      : 'None could be dropped from the sweep: all have 1% or more.',
    interacting.length > 0
      ? `What an axis does depends on the others, by 5% of the variance or more: ${interacting.join(', ')}.`
      : 'Interaction is weak: below 5% of the variance for each axis.',
  ].join(' ');
}

/** Linked axes below each other. */
const showName = (axis: AxisSensitivity) => nameOf(axis).replaceAll(' + ', '\n+ ');

/** A line of text for each linked axis. */
const showSetting = ({ axes }: AxisSensitivity, show: (id: AxisName) => string) => axes.map(show).join('\n');

const showSettings = (axis: AxisSensitivity, show: (values: Setting[AxisName][]) => string) =>
  showSetting(axis, (id) => show(axis.levels.map(({ value }) => value[id])));

function showListed(values: readonly Setting[AxisName][]): string {
  const texts = values.map(showValue);
  if (texts.length <= MAX_LISTED && texts.join().length <= 20) return texts.join(', ');
  return `${texts[0]!} to ${texts.at(-1)!} (${texts.length})`;
}

function showStop({ along, steps, stops_paying_at: stop }: AxisSensitivity): string {
  const last = steps.findLast(({ gain }) => gain !== null);
  if (along === null || last === undefined) return UNKNOWN;
  return stop === null ? `beyond ${showValue(last.to[along])}` : showValue(stop[along]);
}

function showValue(value: Setting[AxisName]): string {
  return typeof value === 'number' ? showNumber(value) : String(value);
}

function showFigure(value: number | null): string {
  return value === null ? UNKNOWN : showNumber(Math.abs(value) < 5e-5 ? 0 : value);
}

/** A share in percent, to a tenth. */
function showPart(part: number | null | undefined): string {
  if (part === null || part === undefined) return UNKNOWN;
  return (100 * part).toFixed(1).replace(/^-(0\.0)$/, '$1');
}
