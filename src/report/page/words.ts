/** Sentences of the page. */
import type { WorkloadSensitivity } from '../../analysis/sensitivity/sensitivity.js';
import { showNumber, showPercent } from '../../model/units.js';
import type { Study } from '../../space/study.js';
import { figureOf } from '../charts/design-row.js';
import { axisTitle, splitAxes } from '../charts/speedup-chart.js';
import { html, type Html } from './html.js';
import type { WorkloadReport } from './report-data.js';

/** What the speedups of axes are, and which axes have none. */
export function describeSpeedup({ axes, points }: WorkloadSensitivity): string {
  const { idle } = splitAxes(axes);
  const none = idle.length > 0 ? ` Without effect: ${idle.map(axisTitle).join(', ')}.` : '';
  return `Geometric mean over ${showNumber(points)} designs of the speed at each value, over that at the baseline's (the open dot). Elasticity: % faster for 1% more.${none}`;
}

/** The page in a sentence. */
export function headlineOf({ baseline }: Study, { balanced, baseline: unscaled }: WorkloadReport): Html {
  if (!balanced) return html`No design of this study can run it`;
  const { design } = balanced;
  const speedup = figureOf(design, 'speedup');
  if (!unscaled || !Number.isFinite(speedup)) return html`The balanced design is ${design.id}`;
  const area = figureOf(design, 'area_mm2') / figureOf(unscaled, 'area_mm2');
  const times = (value: number) => showNumber(Number(value.toPrecision(3)));
  return html`${times(speedup)} times as fast as <span class="name">${baseline.id}</span>, on ${times(area)} times its
    silicon`;
}

/** How sure the model is of its times. */
export const errorNote = ({ validatedError }: WorkloadReport): string =>
  validatedError === undefined
    ? 'Backward passes are estimates: no measurement says how far off they are.'
    : `Times are off by ${showPercent(validatedError)} (geometric mean) where measured: docs/accuracy.md.`;
