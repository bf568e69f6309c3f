/** The charts of a report, from which the page and exported charts are drawn. */
import { modelOf } from '../../model/models.js';
import { counted, showNumber, showPercent } from '../../model/units.js';
import { describeGoals } from '../../analysis/front-query.js';
import type { Objective, Study } from '../../space/study.js';
import { bottleneckOf, sharesBySize } from '../charts/design-row.js';
import { figureOf, type DesignRow } from '../../study/report-data/design-row.js';
import { parallelAxes } from '../charts/parallel-axes.js';
import { describeParallel, parallelChart } from '../charts/parallel-chart.js';
import { describePareto, paretoChart } from '../charts/pareto-chart.js';
import { metricHeading, metricFigure } from '../charts/quantities.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { sharesChart } from '../charts/shares-chart.js';
import { slackChart, usesOf } from '../charts/slack-chart.js';
import { axisTitle, isReference, levelLabel, speedupChart, splitAxes } from '../charts/speedup-chart.js';
import { capital } from '../capital.js';
import { showElasticity, showSlack } from '../reasons.js';
import type { ChartName } from './chart-names.js';
import type { WorkloadReport } from '../../study/report-data/report-data.js';
import { describeSpeedup } from './words.js';

export interface FigureTable {
  columns: string[];
  rows: string[][];
}

export interface Chart {
  name: ChartName;
  heading: (study: Study) => string;
  /** Its width in pixels in a wide window. */
  width: number;
  /** Whether there is something to draw. */
  isThere: (report: WorkloadReport) => boolean;
  intro: (study: Study, report: WorkloadReport) => string;
  /** Caveats of the chart. */
  notes?: (report: WorkloadReport) => string[];
  draw: (study: Study, report: WorkloadReport, width: number) => string;
  /** The numbers behind the chart. */
  table: (study: Study, report: WorkloadReport) => FigureTable;
}

/** The width in pixels of every chart on a phone. */
export const NARROW = 358;

/** The most lines of parallel coordinates: more would fill the area. */
const MAX_LINES = 300;
const MAX_BEHIND = 250;

const hasDesigns = ({ front }: WorkloadReport) => front.length > 0;

/** The objectives on the y and x axes: the first two, or the only one against area or time. */
export function paretoAxes({ objectives }: Study): { x: Objective; y: Objective } {
  const y = objectives[0]!;
  const other = y.metric === 'area_mm2' ? 'time_ms' : 'area_mm2';
  return { y, x: objectives[1] ?? { metric: other, goal: 'minimize' } };
}

/** `time against area` */
function planeOf(study: Study): string {
  const { x, y } = paretoAxes(study);
  return `${metricName(y.metric)} against ${metricName(x.metric)}`;
}

function describeSample({ store }: Study, { sample, feasible, isWhole, frontSize }: WorkloadReport): string {
  if (store === 'front') return 'The study stores only its front, so there are no other designs to show.';
  if (sample.length === 0) return '';
  if (isWhole)
    return `The other ${counted(sample.length, 'design')} ${sample.length === 1 ? 'is' : 'are'} drawn faint.`;
  return `${showNumber(sample.length)} of the other ${counted(feasible - frontSize, 'design')}, evenly spaced by id, are drawn faint.`;
}

function describeFront({ objectives }: Study, { front, frontSize }: WorkloadReport): string {
  const some = front.length < frontSize ? `, ${showNumber(front.length)} of them shown` : '';
  const count = `${counted(frontSize, 'design')}${some}`;
  const plane = objectives.length > 2 ? ', drawn over the first two objectives' : '';
  return `${count} on the front: ${describeGoals(objectives)}${plane}.`;
}

/** At most `most` of all, evenly spaced. */
const thin = <T>(all: readonly T[], most: number): T[] =>
  all.length <= most ? [...all] : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);

const PARETO: Chart = {
  name: 'pareto',
  heading: (study) => capital(planeOf(study)),
  width: 760,
  isThere: hasDesigns,
  intro: (study, report) =>
    [
      describeFront(study, report),
      "A mark's shape and colour show the bottleneck of most of the design's time.",
      describeSample(study, report),
    ].join(' '),
  draw: (study, report, width) => {
    const { front, sample, marked } = report;
    const data = { ...paretoAxes(study), isStaircase: study.objectives.length === 2, front, sample, marked };
    return paretoChart(
      { ...data, title: `${planeOf(study)}: ${report.name}`, description: describePareto(data) },
      width,
    );
  },
  table: (study, { front, marked }) => {
    const { x, y } = paretoAxes(study);
    const names = new Map(marked.map(({ design, names: called }) => [design.id, called.join(', ')]));
    return {
      columns: ['design', metricHeading(y.metric), metricHeading(x.metric), 'bound by', 'marked as'],
      rows: front.map((design) => [
        String(design.id),
        metricFigure(y.metric, figureOf(design, y.metric)),
        metricFigure(x.metric, figureOf(design, x.metric)),
        bottleneckOf(design),
        names.get(design.id) ?? '',
      ]),
    };
  },
};

/** All designs of the page, without duplicates. */
export function designsOf({ front, sample, marked }: WorkloadReport): DesignRow[] {
  const all = [...front, ...sample, ...marked.map(({ design }) => design)];
  return [...new Map(all.map((design) => [design.id, design])).values()];
}

/** The lines that are drawn, and their axes, which have a place for every design of the page. */
export function parallelData(study: Study, report: WorkloadReport) {
  const { front, sample, marked } = report;
  const shown: DesignRow[] = thin(front, MAX_LINES);
  return {
    front: shown,
    sample: thin(sample, MAX_BEHIND),
    marked: marked.filter(({ names }) => names.includes('balanced')).map(({ design }) => design),
    axes: parallelAxes(study, designsOf(report)),
  };
}

const PARALLEL: Chart = {
  name: 'parallel',
  heading: () => 'Every axis at once',
  width: 1160,
  isThere: hasDesigns,
  intro: (study, report) => {
    const { front, sample } = parallelData(study, report);
    const others = sample.length > 0 ? `, ${showNumber(sample.length)} others in grey` : '';
    return `Each line is a design: ${showNumber(front.length)} of the front in the colour of their bottleneck${others}, and the balanced design with a thick line. Lines through the same value lie side by side.`;
  },
  draw: (study, report, width) => {
    const data = parallelData(study, report);
    return parallelChart(
      { ...data, title: `axes and metrics of designs: ${report.name}`, description: describeParallel(data) },
      width,
    );
  },
  table: (study, report) => {
    const { axes, front } = parallelData(study, report);
    return {
      columns: ['axis', 'unit', 'values, with the number of designs on the front'],
      rows: axes.map(({ label, unit, ticks, at, isDiscrete }) => [
        label,
        unit,
        isDiscrete
          ? ticks.map((tick) => `${tick.text}: ${front.filter((design) => at(design) === tick.at).length}`).join(', ')
          : `${ticks[0]?.text ?? ''} to ${ticks.at(-1)?.text ?? ''}`,
      ]),
    };
  },
};

const SHARES: Chart = {
  name: 'shares',
  heading: () => 'Where the time goes',
  width: 560,
  isThere: hasDesigns,
  intro: () => "The shares of each marked design's time, by the bottleneck of its layers.",
  draw: (_, { marked, name }, width) => sharesChart(marked, `shares of the time by bottleneck: ${name}`, width),
  table: (_, { marked }) => ({
    columns: ['design', 'bound by', 'share of the time'],
    rows: marked.flatMap(({ design, names }) =>
      sharesBySize(design).map(({ name, share }) => [names.join(', '), name, showPercent(share)]),
    ),
  }),
};

const SLACK: Chart = {
  name: 'slack',
  heading: () => 'What sits idle in the balanced design',
  width: 560,
  isThere: ({ balanced }) => balanced !== undefined,
  intro: () =>
    'The share of each resource that the design needs to be at most 1% slower, if it alone shrinks. The upright line is the share of the time that the resource is busy.',
  draw: (study, { balanced, name }, width) =>
    slackChart(
      usesOf(balanced!.gpu, balanced!.reasons, modelOf(study.model).unread),
      `utilisation and slack of the balanced design: ${name}`,
      width,
    ),
  table: (study, { balanced }) => ({
    columns: ['resource', 'value', 'busy', 'can shrink to', 'elasticity of growth'],
    rows: usesOf(balanced!.gpu, balanced!.reasons, modelOf(study.model).unread).map((use) => [
      use.label,
      `${showNumber(use.value)} ${use.unit}`,
      use.busy === undefined ? '-' : showPercent(use.busy),
      showSlack(use.needed),
      showElasticity(use.elasticity),
    ]),
  }),
};

const SPEEDUP: Chart = {
  name: 'speedup',
  heading: () => 'What each axis buys',
  width: 560,
  isThere: ({ sensitivity }) => sensitivity !== undefined && splitAxes(sensitivity.axes).moving.length > 0,
  intro: (_, { sensitivity }) => describeSpeedup(sensitivity!),
  notes: ({ sensitivityNotes }) => sensitivityNotes.map((text) => `${capital(text)}.`),
  draw: (study, { sensitivity, name }, width) =>
    speedupChart(splitAxes(sensitivity!.axes).moving, study.baseline, `mean speedup along each axis: ${name}`, width),
  table: (study, { sensitivity }) => ({
    columns: ['axis', 'value', 'speedup', 'gain of the step', 'elasticity'],
    rows: sensitivity!.axes.flatMap((axis) =>
      axis.levels.map((level, i) => {
        const step = i > 0 ? axis.steps[i - 1] : undefined;
        return [
          i === 0 ? axisTitle(axis) : '',
          levelLabel(axis, level, study.baseline),
          level.effect === null
            ? '-'
            : `${showNumber(1 / level.effect)}${isReference(axis, level) && !axis.reference_is_baseline ? ' (first value)' : ''}`,
          step?.gain == null ? '-' : `${(100 * step.gain).toFixed(1)}%`,
          step?.elasticity == null ? '-' : showElasticity(step.elasticity),
        ];
      }),
    ),
  }),
};

export const CHARTS: readonly Chart[] = [PARETO, PARALLEL, SHARES, SLACK, SPEEDUP];
