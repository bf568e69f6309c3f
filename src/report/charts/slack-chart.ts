/** Utilisation and slack of a design: how busy each resource is, and how much of it the design needs. */
import type { Gpu } from '../../model/gpu.js';
import { RESOURCES, resourceOf, type ResourceId } from '../../model/resources.js';
import type { Reasons } from '../../model/response/reasons.js';
import type { Stream } from '../../model/bottleneck.js';
import { showNumber, showPercent } from '../../model/units.js';
import { showElasticity, showSlack } from '../reasons.js';
import { ink } from './inks.js';
import { legendRow } from './legend.js';
import { ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';
import { chartSvg, group, line, rect } from './svg.js';

export interface ResourceUse {
  id: ResourceId;
  label: string;
  /** In the unit of GPU files. */
  value: number;
  unit: string;
  /** The share of the time that its stream is busy. */
  busy: number | undefined;
  /** The share of the resource that suffices for a time 1% longer, if it alone shrinks. */
  needed: number;
  /** The percentage of the time that 1% more of the resource saves; infinite where the time jumps. */
  elasticity: number;
}

/** The use of every resource that has a slack and that the model reads. */
export function usesOf(
  gpu: Gpu,
  { utilization, slack, elasticity }: Reasons,
  unread: readonly string[],
): ResourceUse[] {
  return RESOURCES.filter(({ id }) => !unread.includes(id)).flatMap(({ id, label, unit, si, siPerUnit }) => {
    const needed = (slack as Partial<Record<ResourceId, number>>)[id];
    if (needed === undefined) return [];
    const stream: Stream | undefined = resourceOf(id)?.stream;
    return [
      {
        ...{ id, label, unit: unit === '1' ? '' : unit, value: gpu[si] / siPerUnit, needed },
        busy: stream ? utilization[stream] : undefined,
        elasticity: elasticity[id].up,
      },
    ];
  });
}

function notesOf({ busy, needed, elasticity }: ResourceUse, isWide: boolean): string[] {
  return [
    ...(busy === undefined ? [] : [`busy ${showPercent(busy)}`]),
    needed === 0 ? 'needs none' : `needs ${showSlack(needed)}`,
    ...(isWide ? [`elasticity ${showElasticity(elasticity)}`] : []),
  ];
}

export function slackChart(uses: readonly ResourceUse[], title: string, width: number): string {
  const isWide = width > 500;
  const rows: Row[] = uses.map((use) => ({
    title: use.label,
    subtitle: `${showNumber(use.value)}${use.unit ? ` ${use.unit}` : ''}`,
    notes: notesOf(use, isWide),
  }));
  const needed = { fill: ink('needed') };
  const whole = { fill: ink('grid'), stroke: ink('rule') };
  const stroke = { stroke: ink('ink'), 'stroke-width': 3 };
  const legend = legendRow([
    { text: 'needed', box: needed },
    { text: 'removable for 1% more time', box: whole },
    { text: 'busy', line: stroke },
  ]);
  const top = legend.height;
  const y = (i: number) => trackTop(i, top);
  const bar = (i: number, from: number, to: number) => rect(from, y(i), to, y(i) + TRACK);
  const busy = uses.flatMap((use, i) => (use.busy === undefined ? [] : [{ x: use.busy * width, i }]));
  return chartSvg('slack', { title, description: describeUses(uses) }, width, top + uses.length * ROW, [
    ...legend.marks,
    ...rowTexts(rows, width, top),
    group(
      whole,
      uses.map((_, i) => bar(i, 0.5, width - 0.5)),
    ),
    group(
      needed,
      uses.map((use, i) => bar(i, 0, Math.min(1, use.needed) * width)),
    ),
    group(
      stroke,
      busy.map(({ x, i }) => line(x, y(i) - 3, x, y(i) + TRACK + 3)),
    ),
  ]);
}

function describeUses(uses: readonly ResourceUse[]): string {
  return uses.map((use) => `${use.label}: ${notesOf(use, true).join(', ')}`).join('; ');
}
