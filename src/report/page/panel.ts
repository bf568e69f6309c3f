/** The panel of one design. The page holds that of the pinned design; the script renders the others. */
import { BOTTLENECKS, STREAMS } from '../../model/bottleneck.js';
import { showNumber, showPercent } from '../../model/units.js';
import { withUnit } from '../charts/figure.js';
import { STREAM_HEADINGS } from '../stream-headings.js';
import { alignFigures } from './align.js';
import { html, type Html } from './html.js';

/** What all designs of a workload share. */
export interface PanelContext {
  /** The axes of the study; `base` is the baseline's value. */
  axes: { label: string; unit: string; base: number | string }[];
  metrics: { label: string; unit: string }[];
  layers: { name: string; count: number }[];
}

/** A design, its values in the order of the context; a metric without a value is null. */
export interface PanelDesign {
  id: number;
  names: string[];
  onFront: boolean;
  axes: (number | string)[];
  metrics: (number | null)[];
  /** Shares of the time, in the order of `BOTTLENECKS`. */
  shares: number[];
  /** One entry a layer: ms of one occurrence, index of its bottleneck, share of the time that each stream is busy. */
  layers?: number[][];
}

export const designTitle = ({ id, names }: PanelDesign): string =>
  id < 0 ? 'The baseline' : `Design ${id}${names.length > 0 ? `: ${names.join(', ')}` : ''}`;

/** `SMs 1.5× the baseline · tile 64x64x8`, of the axes that differ from the baseline. */
export function describeChanges(context: PanelContext, { axes }: PanelDesign): string {
  const [multiples, values]: [string[], string[]] = [[], []];
  context.axes.forEach(({ label, base }, i) => {
    const value = axes[i]!;
    if (value === base) return;
    if (typeof value === 'number' && typeof base === 'number' && base > 0)
      multiples.push(`${label} ${showNumber(value / base)}×`);
    else values.push(`${label} ${value}`);
  });
  const ofBaseline = multiples.length > 0 ? [`${multiples.join(' · ')} the baseline`] : [];
  return [...ofBaseline, ...values].join(' · ') || 'same as the baseline';
}

/** `time 214.2 ms`: the metrics of a design. */
export const figuresOf = (context: PanelContext, { metrics }: PanelDesign): { label: string; text: string }[] =>
  context.metrics.flatMap(({ label, unit }, i) => {
    const value = metrics[i]!;
    return value === null ? [] : [{ label, text: withUnit(value, unit) }];
  });

/** The shares of the time by bottleneck, the largest first. */
export const partsOf = ({ shares }: PanelDesign): { name: string; share: number }[] =>
  BOTTLENECKS.map((name, i) => ({ name, share: shares[i]! }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share);

const sharesBar = (design: PanelDesign): Html => html`
  <div class="shares" aria-hidden="true">
    ${partsOf(design).map(({ name, share }) => html`<i style="--part: ${share}; --fill: var(--${name})"></i>`)}
  </div>
  <p class="parts">
    ${partsOf(design).map(
      ({ name, share }) =>
        html`<span><i class="dot" style="--fill: var(--${name})"></i>${name} ${showPercent(share)}</span>`,
    )}
  </p>
`;

export function panel(context: PanelContext, design: PanelDesign): Html {
  const [title, ...rest] = designTitle(design).split(': ');
  return html`
    <h3>
      ${title}${rest.map((names) => html` <small>${names}</small>`)}${!design.onFront && design.id >= 0 && html` <small>not on the front</small>`}
    </h3>
    <p class="changes">${describeChanges(context, design)}</p>
    <dl class="figures">
      ${figuresOf(context, design).map(
        ({ label, text }) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
    <h4>Time by bottleneck</h4>
    ${sharesBar(design)}
  `;
}

/** The layers of a design: time, bottleneck, and how busy each stream is. */
export function layersTable(context: PanelContext, design: PanelDesign): Html {
  if (!design.layers)
    return html`<p class="hint">
      The page holds the layers of marked designs and of some on the front. <code>delta-sweep explain</code> shows those
      of any design.
    </p>`;
  const total = design.layers.reduce((sum, [ms], i) => sum + ms! * context.layers[i]!.count, 0);
  const most = Math.max(...design.layers.map(([ms], i) => ms! * context.layers[i]!.count));
  const times = alignFigures(design.layers.map(([ms]) => showNumber(ms!)));
  const rows = design.layers.map(([ms, bound, ...busy], i) => {
    const { name, count } = context.layers[i]!;
    const part = (ms! * count) / total;
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${count}</td>
      <td>${times[i]}</td>
      <td class="bar" style="--part: ${((ms! * count) / most).toFixed(4)}">${(100 * part).toFixed(1)}</td>
      <td class="text"><i class="dot" style="--fill: var(--${BOTTLENECKS[bound!]})"></i>${BOTTLENECKS[bound!]}</td>
      ${busy.map((used) => html`<td class="heat" style="--part: ${used}">${Math.round(100 * used)}</td>`)}
    </tr>`;
  });
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Layers of ${designTitle(design)}">
      <table class="layers">
        <caption>
          Layers of ${designTitle(design)}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="text">layer</th>
            <th scope="col">count</th>
            <th scope="col">one, ms</th>
            <th scope="col">of the time, %</th>
            <th scope="col" class="text">bound by</th>
            ${STREAMS.map((stream) => html`<th scope="col">${STREAM_HEADINGS[stream]} busy, %</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  `;
}
