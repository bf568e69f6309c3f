/** Options as text: the changes of each, its metrics and its bottlenecks. */
import type { FrontRow } from '../analysis/front-marks.js';
import { areaFactors, areasOf, totalArea } from '../model/cost.js';
import { baselineValue, toGpu } from '../model/gpu.js';
import { describeAxis } from '../model/resources.js';
import { showNumber } from '../model/units.js';
import { OPTION } from '../space/columns.js';
import type { Objective, Study } from '../space/study.js';
import type { OptionRow } from '../study/front-rows.js';
import { showShares } from './explain.js';
import { SHORT_HEADINGS, sharesOf, showMark, showMetric } from './front-table.js';
import { fits, renderTable, wrap, type TableColumn } from './table.js';

/** Metrics that every table of options shows of what its designs have, before what follows from them, the balance, and other objectives. */
const FIRST_METRICS = ['time_ms', 'area_mm2', 'speedup'];

/** Widths that are tried for the columns of changes and bottlenecks; the smallest fit with any name. */
const CHANGES_WIDTHS = [48, 40, 36, 32, 28, 24, 20, 16];
const BOUND_WIDTHS = [32, 22, 13];

export const OPTION_LEGEND =
  'Changes are multiples of the baseline. per area: speedup over area, both as multiples. bal.: share\n' +
  'of the silicon at work. imb.: how far the silicon is from where it buys time; 0 where no area moved\n' +
  'from one resource to another buys any. f: on the front. *: the balanced design, of the least\n' +
  'imbalance on the front. k: the knee of the front.';

/** `2x SMs, MACs; 4x L2 BW; tile 256x128x8`: the changes of an option. */
export function showChanges(study: Study, option: number): string {
  const byFactor = new Map<string, string[]>();
  for (const { id, values } of study.dimensions[0]!) {
    const value = values[option]!;
    const base = baselineValue(study.baseline, id);
    if (value === base) continue;
    const { label } = describeAxis(id);
    const isMultiple = typeof value === 'number' && typeof base === 'number' && base > 0;
    const head = isMultiple ? `${showNumber(value / base)}x` : `${label} ${value}`;
    byFactor.set(head, [...(byFactor.get(head) ?? []), ...(isMultiple ? [label] : [])]);
  }
  return [...byFactor].map(([head, labels]) => [head, labels.join(', ')].join(' ').trim()).join('; ') || '-';
}

/** Breaks a list into lines of at most `width` characters, only after commas and semicolons. */
const wrapParts = (text: string, width: number) =>
  wrap(text.replaceAll(/(?<![,;]) /g, '\u00a0'), width).replaceAll('\u00a0', ' ');

const linesOf = (text: string) => text.split('\n').length;

/** A table with one row for each option, in as few lines as fit. */
export function renderOptions(
  study: Study,
  objectives: readonly Objective[],
  designs: readonly (FrontRow | OptionRow)[],
): string {
  const baseline = toGpu(study.baseline);
  const baselineArea = totalArea(areasOf(baseline, areaFactors(baseline, study.costs)));
  const perArea = ({ speedup, area_mm2: area }: FrontRow) =>
    speedup === null ? '-' : showNumber(Number(speedup) / (Number(area) / baselineArea));
  const firstMetrics = FIRST_METRICS.filter((name) => designs.every((design) => name in design));
  const shown = [...firstMetrics, 'balance'];
  const others = objectives.map(({ metric }) => metric).filter((metric) => !shown.includes(metric));
  const metric = (row: FrontRow, name: string) => (row[name] === null ? '-' : showMetric(name, Number(row[name])));
  const columns: TableColumn[] = [
    { heading: '' },
    { heading: '\noption', align: 'left' },
    { heading: '\nchanges', align: 'left' },
    ...firstMetrics.map((name) => ({ heading: SHORT_HEADINGS[name]! })),
    { heading: 'per\narea' },
    { heading: SHORT_HEADINGS['balance']! },
    { heading: 'imb.\n%' },
    ...others.map((name) => ({ heading: `\n${name}` })),
    { heading: '\nbound by', align: 'left' },
  ];
  const figures = (row: FrontRow) => [
    ...firstMetrics.map((name) => metric(row, name)),
    perArea(row),
    metric(row, 'balance'),
    String(Math.round(100 * Number(row['imbalance']))),
    ...others.map((name) => metric(row, name)),
  ];
  const noFigures = columns.slice(3, -1).map(() => '-');
  const tables = CHANGES_WIDTHS.flatMap((changes) =>
    BOUND_WIDTHS.map((bound) =>
      renderTable(
        columns,
        designs.map((row) => {
          const reason = row['infeasible'];
          return [
            `${row['on_front'] === true ? 'f' : ''}${showMark(row)}`,
            String(row[OPTION.name]),
            wrapParts(showChanges(study, study.options!.indexOf(String(row[OPTION.name]))), changes),
            ...(reason === null ? figures(row) : noFigures),
            reason === null ? wrapParts(showShares(sharesOf(row)), bound) : wrap(String(reason), bound),
          ];
        }),
      ),
    ),
  );
  return tables.filter(fits).sort((a, b) => linesOf(a) - linesOf(b))[0] ?? tables.at(-1)!;
}
