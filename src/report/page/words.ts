/** Sentences of the page. */
import type { WorkloadSensitivity } from '../../analysis/sensitivity/sensitivity.js';
import { counted, showNumber, showPercent } from '../../model/units.js';
import type { Study } from '../../space/study.js';
import { figureOf } from '../../study/report-data/design-row.js';
import { axisTitle, splitAxes } from '../charts/speedup-chart.js';
import { html, type Html } from './html.js';
import type { WorkloadReport } from '../../study/report-data/report-data.js';

/** What the speedup chart shows, and which axes have no effect. */
export function describeSpeedup({ axes, points }: WorkloadSensitivity): string {
  const { moving, idle } = splitAxes(axes);
  const none = idle.length > 0 ? ` Without effect: ${idle.map(axisTitle).join(', ')}.` : '';
  const others = moving.filter(({ reference_is_baseline: isBaseline }) => !isBaseline).map(axisTitle);
  const first = "the first value's, as no design has the baseline's";
  const reference =
    others.length === 0
      ? "the baseline's"
      : others.length === moving.length
        ? first
        : `the baseline's; of ${others.join(', ')}: ${first}`;
  return `Each dot is a geometric mean of the speed over ${counted(points, 'design')}, relative to the open dot: ${reference}. Elasticity: % faster for 1% more.${none}`;
}

/** The page in a sentence. */
export function headlineOf(study: Study, report: WorkloadReport): Html {
  const { balanced, baseline: unscaled } = report;
  if (!balanced) return html`${whyEmpty(study, report).headline}`;
  const { baseline } = study;
  const { design } = balanced;
  const speedup = figureOf(design, 'speedup');
  if (!unscaled || !Number.isFinite(speedup)) return html`The balanced design is ${design.id}`;
  const area = figureOf(design, 'area_mm2') / figureOf(unscaled, 'area_mm2');
  const times = (value: number) => showNumber(Number(value.toPrecision(3)));
  return html`${times(speedup)} times as fast as <span class="name">${baseline.id}</span>, on ${times(area)} times its
    silicon`;
}

/** Why a workload has no design to show, as a headline and a sentence. */
export function whyEmpty(
  { store }: Pick<Study, 'store'>,
  { stored, grid, isFinished, infeasible }: Pick<WorkloadReport, 'stored' | 'grid' | 'isFinished' | 'infeasible'>,
): { headline: string; sentence: string } {
  const unable = infeasible.reduce((sum, { points }) => sum + points, 0);
  const reasons = infeasible.map(({ reason, points }) => `${reason} (${counted(points, 'design')})`).join('; ');
  if (!isFinished)
    return stored === 0
      ? {
          headline: 'No design is stored yet',
          sentence: 'The run has not stored a design of this workload yet.',
        }
      : {
          headline: 'No design that can run it is stored yet',
          sentence: `Every design that is stored so far is infeasible: ${reasons}.`,
        };
  if (store === 'front')
    return {
      headline: 'No design of this study is on a front',
      sentence: 'Every design is infeasible or rejected by a constraint.',
    };
  if (unable === 0)
    return {
      headline: 'No design of this study meets its constraints',
      sentence: 'Every design is rejected by a constraint.',
    };
  if (unable < grid)
    return {
      headline: 'No design of this study can run it within the constraints',
      sentence: `Infeasible: ${reasons}. A constraint rejects every other design.`,
    };
  return {
    headline: 'No design of this study can run it',
    sentence: `Every design is infeasible: ${reasons}.`,
  };
}

/** The error of the times that the model predicts. */
export const errorNote = ({ validatedError }: WorkloadReport): string =>
  validatedError === undefined
    ? 'Backward passes are estimates: no measurement says how far off they are.'
    : `Times are off by ${showPercent(validatedError)} (geometric mean) where measured: docs/accuracy.md.`;
