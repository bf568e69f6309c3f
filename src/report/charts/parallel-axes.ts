/** The axes of parallel coordinates: the axes of the study, then metrics. Places on an axis go from 0 to 1. */
import { describeAxis } from '../../model/resources.js';
import { showNumber } from '../../model/units.js';
import { sweptAxes, type Study } from '../../space/study.js';
import { figureOf, type DesignRow } from '../../study/report-data/design-row.js';
import { metricFigure, metricUnit } from './quantities.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { scaleOf } from './scale.js';

export interface ParallelAxis {
  id: string;
  label: string;
  unit: string;
  /** Whether each value has a place of its own, around which lines spread. */
  isDiscrete: boolean;
  /** The place of a design; NaN if it has none. */
  at: (design: DesignRow) => number;
  ticks: { at: number; text: string }[];
}

/** The most values of a discrete axis. */
const MAX_PLACES = 12;

/** The most ticks of a continuous axis. */
const MAX_TICKS = 6;

const shownUnit = (unit: string) => (unit === '1' || unit === '-' ? '' : unit);

function discreteAxis(id: string, label: string, unit: string, values: readonly (number | string)[]): ParallelAxis {
  const places = new Map(values.map((value, i) => [value, values.length > 1 ? i / (values.length - 1) : 0.5]));
  return {
    ...{ id, label, unit: shownUnit(unit), isDiscrete: true },
    at: (design) => places.get(design[id] as number | string) ?? Number.NaN,
    ticks: [...places].map(([value, at]) => ({ at, text: typeof value === 'number' ? showNumber(value) : value })),
  };
}

function continuousAxis(
  id: string,
  label: string,
  unit: string,
  values: readonly number[],
  show: (value: number) => string,
): ParallelAxis {
  const { ticks, at } = scaleOf(values, MAX_TICKS);
  return {
    ...{ id, label, unit, isDiscrete: false },
    at: (design) => at(figureOf(design, id)),
    ticks: ticks.map((tick) => ({ at: at(tick), text: show(tick) })),
  };
}

/** The axes with more than one value, then the objectives, the speedup and the balance. */
export function parallelAxes(study: Study, designs: readonly DesignRow[]): ParallelAxis[] {
  const axes = sweptAxes(study).flatMap(({ id, values }) => {
    const { label, unit } = describeAxis(id);
    const distinct = [...new Set(values)].sort((a, b) => (typeof a === 'number' ? a - Number(b) : 0));
    if (distinct.length < 2) return [];
    if (distinct.length <= MAX_PLACES) return [discreteAxis(id, label, unit, distinct)];
    return [continuousAxis(id, label, shownUnit(unit), distinct.map(Number), showNumber)];
  });
  const metrics = [...new Set([...study.objectives.map(({ metric }) => metric), 'speedup', 'balance'])].flatMap(
    (metric) => {
      const values = designs.map((design) => figureOf(design, metric)).filter(Number.isFinite);
      if (values.length === 0) return [];
      const show = (value: number) => metricFigure(metric, value);
      return [
        continuousAxis(metric, metric === 'balance' ? 'balance' : metricName(metric), metricUnit(metric), values, show),
      ];
    },
  );
  return [...axes, ...metrics];
}
