/** docs/metrics.md: every axis, metric and reason with its unit, from where they are declared. */
import { FRONT_MARKS } from '../../src/analysis/front-marks.js';
import { METRICS, type Metric } from '../../src/model/metrics.js';
import { REASONS } from '../../src/model/reasons.js';
import { AXIS_IDS, describeAxis, resourceOf, smallestOf } from '../../src/model/resources.js';
import { alignedTable } from '../markdown.js';

const HEAD = `# Axes, metrics and their units

Generated from their declarations, by \`npm run docs\`. The same names are used in GPU files, specs, SQL, Arrow, CSV and \`--json\`. GB/s is 1e9 bytes per
second; KiB and MiB are 1024-based. [model.md](model.md) says how each is computed.`;

const code = (text: string) => `\`${text}\``;

function axesTable(): string {
  const rows = AXIS_IDS.map((id) => {
    const { meaning, unit } = describeAxis(id);
    const resource = resourceOf(id);
    const least = resource ? String(smallestOf(resource)) : '-';
    return [code(id), unit, resource?.kind ?? 'choice', least, resource?.whole ? 'whole' : '', meaning];
  });
  const columns = ['axis', 'unit', 'kind', 'least', '', 'means'].map((heading) => ({ heading }));
  return alignedTable(columns, rows);
}

const BETTER = { low: 'less', high: 'more' };

function metricsTable(): string {
  const row = (metric: Metric) => [
    code(metric.name),
    metric.unit,
    metric.type === 'real' ? BETTER[metric.better] : '-',
    metric.type === 'text' ? `${metric.meaning}: ${metric.values.map(code).join(', ')}` : metric.meaning,
  ];
  const columns = ['metric', 'unit', 'better', 'means'].map((heading) => ({ heading }));
  return alignedTable(columns, METRICS.map(row));
}

function reasonsTable(): string {
  const rows = REASONS.map(({ name, unit, meaning }) => [code(name), unit, meaning]);
  return alignedTable(
    ['column', 'unit', 'means'].map((heading) => ({ heading })),
    rows,
  );
}

function marksTable(): string {
  const rows = FRONT_MARKS.map(({ name, type, meaning }) => [code(name), type === 'boolean' ? '1 or 0' : '1', meaning]);
  return alignedTable(
    ['column', 'unit', 'means'].map((heading) => ({ heading })),
    rows,
  );
}

export function metricsPage(): string {
  return `${[
    HEAD,
    '## Axes',
    'Of a GPU file each, but for `cta_tile`. Time responds smoothly to a rate and to a latency, in steps to a capacity ([model.md](model.md), 5.5). What an axis takes in a spec: [spec.md](spec.md).',
    axesTable(),
    '## Metrics',
    'Columns of `points`, of every format of `export`, and what objectives, limits and `sensitivity --metric` name. All are NULL where a design cannot run; the column `infeasible` then says why.',
    metricsTable(),
    '## Why a design takes its time',
    'Columns of the table `pareto` and of `pareto --json`; with `store: { reasons: all }` of `points` too ([model.md](model.md), 5.5 and 5.6).',
    reasonsTable(),
    '## Marks of a front',
    'Columns of the table `pareto` beside them.',
    marksTable(),
  ].join('\n\n')}\n`;
}
