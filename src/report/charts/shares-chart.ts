/** Where the time goes: of each marked design, the parts of its time by what binds them. */
import { capital } from '../capital.js';
import * as Plot from '@observablehq/plot';
import type { Bottleneck } from '../../model/bottleneck.js';
import { showPercent } from '../../model/units.js';
import { sharesBySize } from './design-row.js';
import { figureOf, type Marked } from '../../study/report-data/design-row.js';
import { ink } from './inks.js';
import { textWidth } from './plot-svg.js';
import { showQuantity } from './quantities.js';
import { pixelChart, ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';

export interface Segment {
  row: number;
  name: Bottleneck;
  share: number;
  from: number;
}

/** The parts of each design's time side by side, the same bottlenecks in the same order. */
export function segmentsOf(marked: readonly Marked[]): Segment[] {
  return marked.flatMap(({ design }, row) => {
    let from = 0;
    return sharesBySize(design).map(({ name, share }) => {
      const segment = { row, name, share, from };
      from += share;
      return segment;
    });
  });
}

const notesOf = ({ design }: Marked) =>
  ['time_ms', 'speedup', 'area_mm2']
    .filter((metric) => Number.isFinite(figureOf(design, metric)))
    .map((metric) => showQuantity(metric, figureOf(design, metric)));

export function sharesChart(marked: readonly Marked[], title: string, width: number): string {
  const rows: Row[] = marked.map((one) => ({ title: capital(one.names.join(', ')), notes: notesOf(one) }));
  const segments = segmentsOf(marked);
  const labels = segments.map(({ name, share }) =>
    [`${name} ${showPercent(share)}`, name, ''].find((text) => textWidth(text) + 10 <= share * width)!,
  );
  return pixelChart('shares', { title, description: describeShares(marked) }, width, marked.length * ROW, [
    ...rowTexts(rows, width),
    Plot.rect(segments, {
      x1: ({ from }: Segment) => from * width,
      x2: ({ from, share }: Segment) => (from + share) * width,
      y1: ({ row }: Segment) => trackTop(row),
      y2: ({ row }: Segment) => trackTop(row) + TRACK + 4,
      ...{ fill: ({ name }: Segment) => ink(name), stroke: ink('surface'), strokeWidth: 1 },
    }),
    Plot.text(segments, {
      x: ({ from, share }: Segment) => (from + share / 2) * width,
      y: ({ row }: Segment) => trackTop(row) + TRACK / 2 + 2,
      text: (_: Segment, i: number) => labels[i]!,
      fill: ({ name }: Segment) => ink(`on-${name}`),
      fontWeight: 600,
      fontSize: 11,
    }),
  ]);
}

function describeShares(marked: readonly Marked[]): string {
  return marked
    .map(({ names, design }) => {
      const parts = sharesBySize(design).map(({ name, share }) => `${name} ${showPercent(share)}`);
      return `${names.join(', ')}: ${parts.join(', ')}`;
    })
    .join('; ');
}
