/** Utilisation and slack of a design: how busy each resource is, and to what it could shrink. */
import * as Plot from '@observablehq/plot';
import type { Gpu } from '../../model/gpu.js';
import { RESOURCES, resourceOf, type ResourceId } from '../../model/resources.js';
import type { Reasons } from '../../model/response/reasons.js';
import type { Stream } from '../../model/bottleneck.js';
import { showNumber, showPercent } from '../../model/units.js';
import { showElasticity, showSlack } from '../reasons.js';
import { ink } from './inks.js';
import { legendRow } from './legend.js';
import { pixelChart, ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';

export interface ResourceUse {
  id: ResourceId;
  label: string;
  /** In the unit of GPU files. */
  value: number;
  unit: string;
  /** The part of the time that its stream is busy. */
  busy: number | undefined;
  /** What it can shrink to, alone, for a time 1% longer. */
  needed: number;
  /** % of the time that 1% more saves; infinite where the time jumps. */
  elasticity: number;
}

/** Every resource that could shrink, and how it is used; of those that the model reads. */
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
  const legend = legendRow([
    { text: 'needed', fill: ink('needed') },
    { text: 'could go, for 1% of the time', fill: ink('grid'), stroke: ink('rule') },
    { text: 'busy', line: ink('ink') },
  ]);
  const top = legend.height;
  const bar = (i: number) => ({ y1: trackTop(i, top), y2: trackTop(i, top) + TRACK });
  const tracks = { y1: (_: ResourceUse, i: number) => bar(i).y1, y2: (_: ResourceUse, i: number) => bar(i).y2 };
  const busy = uses.flatMap((use, i) => (use.busy === undefined ? [] : [{ x: use.busy * width, i }]));
  return pixelChart('slack', { title, description: describeUses(uses) }, width, top + uses.length * ROW, [
    ...legend.marks,
    ...rowTexts(rows, width, top),
    Plot.rect([...uses], { x1: 0.5, x2: width - 0.5, ...tracks, fill: ink('grid'), stroke: ink('rule') }),
    Plot.rect([...uses], {
      x1: 0,
      x2: ({ needed }: ResourceUse) => Math.min(1, needed) * width,
      ...tracks,
      fill: ink('needed'),
    }),
    Plot.ruleX(busy, {
      x: 'x',
      y1: ({ i }: { i: number }) => bar(i).y1 - 3,
      y2: ({ i }: { i: number }) => bar(i).y2 + 3,
      ...{ stroke: ink('ink'), strokeWidth: 3 },
    }),
  ]);
}

function describeUses(uses: readonly ResourceUse[]): string {
  return uses.map((use) => `${use.label}: ${notesOf(use, true).join(', ')}`).join('; ');
}
