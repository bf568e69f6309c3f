/** Where the time goes: the shares of each marked design's time by bottleneck. */
import { capital } from '../capital.js';
import type { Bottleneck } from '../../model/bottleneck.js';
import { showPercent } from '../../model/units.js';
import { sharesBySize } from './design-row.js';
import { figureOf, type Marked } from '../../study/report-data/design-row.js';
import { ink } from './inks.js';
import { showQuantity } from './quantities.js';
import { ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';
import { chartSvg, group, rect, text } from './svg.js';
import { textWidth } from './text-width.js';

export interface Segment {
  row: number;
  name: Bottleneck;
  share: number;
  from: number;
}

/** The shares of each design's time, side by side, the largest first. */
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
  const label = ({ name, share }: Segment) =>
    [`${name} ${showPercent(share)}`, name].find((shown) => textWidth(shown) + 10 <= share * width) ?? '';
  return chartSvg('shares', { title, description: describeShares(marked) }, width, marked.length * ROW, [
    ...rowTexts(rows, width),
    group(
      { stroke: ink('surface') },
      segments.map(({ row, name, share, from }) => {
        const top = trackTop(row);
        return rect(from * width, top, (from + share) * width, top + TRACK + 4, { fill: ink(name) });
      }),
    ),
    group(
      { 'font-weight': 600, 'font-size': 11, 'text-anchor': 'middle' },
      segments.map((segment) => {
        const middle = (segment.from + segment.share / 2) * width;
        return text(middle, trackTop(segment.row) + TRACK / 2 + 2, label(segment), { fill: ink(`on-${segment.name}`) });
      }),
    ),
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
