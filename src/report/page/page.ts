/** The report of a study as one self-contained page. */
import { createHash } from 'node:crypto';
import { counted, showNumber, showPercent } from '../../model/units.js';
import { PointEvaluator } from '../../space/evaluate-point.js';
import { comparesOptions, sweptAxes, type Study } from '../../space/study.js';
import { figureOf } from '../../study/report-data/design-row.js';
import type { ReportData, WorkloadReport } from '../../study/report-data/report-data.js';
import { describeDesign } from '../balanced.js';
import { THEMES, variables } from '../charts/inks.js';
import { showQuantity } from '../charts/quantities.js';
import { sharesBySize } from '../charts/design-row.js';
import type { PageAssets } from './assets.js';
import { CHARTS, NARROW, type Chart } from './charts.js';
import { Html, html, scriptJson } from './html.js';
import { contextOf, pageWorkload, panelDesign, pinnedOf, type PageData } from './page-data.js';
import { layersTable, panel } from './panel.js';
import { provenanceSection } from './provenance.js';
import { figureTable, scalingTable } from './tables.js';
import { errorNote, headlineOf, whyEmpty } from './words.js';

const chartOf = (name: string): Chart => CHARTS.find((chart) => chart.name === name)!;

function styleOf({ style, fonts }: PageAssets): string {
  const faces = fonts.map(
    ({ weight, bytes }) =>
      `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${Buffer.from(bytes).toString('base64')}) format('woff2')}`,
  );
  const [light, dark] = THEMES.map((theme) =>
    variables(theme)
      .map(([name, colour]) => `--${name}:${colour}`)
      .join(';'),
  );
  return [
    ...faces,
    `:root,:root[data-theme=light]{color-scheme:light;${light}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}`,
    `:root[data-theme=dark]{color-scheme:dark;${dark}}`,
    `@media print{:root,:root[data-theme=dark],:root:not([data-theme=light]){color-scheme:light;${light}}}`,
    style,
  ].join('\n');
}

/** The source by which the policy allows a script. */
const hashSource = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** The content security policy: the page loads nothing and runs only its own script. */
const policyOf = ({ script }: PageAssets) =>
  `default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src ${hashSource(script)}; base-uri 'none'; form-action 'none'`;

/** The script, byte for byte, since the policy holds its hash. */
const scriptOf = ({ script }: PageAssets) => new Html(`<script>${script}</script>`);

function chartSection(study: Study, report: WorkloadReport, name: string, aside: Html | false = false): Html {
  const chart = chartOf(name);
  if (!chart.isThere(report)) return html``;
  const draw = (width: number) => new Html(chart.draw(study, report, width));
  return html`<section class="part part-${name}">
    <h3 class="heading">${chart.heading(study)}</h3>
    <p class="intro">${chart.intro(study, report)}</p>
    <div class="beside">
      <figure>
        <div class="plot wide" data-plot="${name}">${draw(chart.width)}</div>
        <div class="plot narrow" data-plot="${name}">${draw(NARROW)}</div>
        ${chart.notes?.(report).map((text) => html`<p class="hint">${text}</p>`)}
        <details>
          <summary>The numbers of this chart</summary>
          ${figureTable(chart.table(study, report))}
        </details>
      </figure>
      ${aside}
    </div>
  </section>`;
}

function stats(study: Study, report: WorkloadReport): Html {
  const { balanced, frontSize, stored, validatedError } = report;
  if (!balanced) return html``;
  const { design } = balanced;
  const [most] = sharesBySize(design);
  const has = (metric: string) => Number.isFinite(figureOf(design, metric));
  const figures: [string, string][] = [
    ...['time_ms', 'area_mm2', 'balance']
      .filter(has)
      .map((metric): [string, string] => [
        { time_ms: 'time of one run', area_mm2: 'silicon', balance: 'of the silicon at work' }[metric]!,
        showQuantity(metric, figureOf(design, metric)),
      ]),
    ...(most ? [[`of the time bound by ${most.name}`, showPercent(most.share)] as [string, string]] : []),
    [study.store === 'all' ? `on the front, of ${counted(stored, 'design')}` : 'on the front', showNumber(frontSize)],
    ...(validatedError === undefined
      ? []
      : [["the model's error where measured", showPercent(validatedError)] as [string, string]]),
  ];
  return html`<dl class="stats">
    ${figures.map(
      ([label, text]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}

function paragraphs(study: Study, report: WorkloadReport): Html {
  if (!report.balanced) return html`<p class="lede">${whyEmpty(study, report).sentence}</p>`;
  const { id } = report.balanced.design;
  const paragraph = describeDesign(study, id, report.frontSize, new PointEvaluator(study));
  return html`<p class="lede">${paragraph.replaceAll('mm2', 'mm²')}</p>
    ${report.validatedError === undefined && html`<p class="lede">${errorNote(report)}</p>`} ${stats(study, report)}`;
}

function workloadSection(study: Study, report: WorkloadReport, w: number): Html {
  const context = contextOf(study, w);
  const pinned = pinnedOf(report);
  const design = pinned && panelDesign(study, report, pinned);
  const isOptions = comparesOptions(study);
  return html`<section class="workload" id="workload-${w + 1}" data-workload="${w}" aria-labelledby="name-${w + 1}">
    <p class="eyebrow" id="name-${w + 1}">${report.name}</p>
    <h2 class="headline">${headlineOf(study, report)}</h2>
    ${paragraphs(study, report)}
    ${chartSection(study, report, 'pareto', design && html`<aside class="panel" aria-label="The pinned design">${panel(context, design)}</aside>`)}
    ${
      design &&
      html`<section class="part part-layers">
        <h3 class="heading">Layer by layer</h3>
        <div class="layer-table">${layersTable(context, design)}</div>
      </section>`
    }
    ${chartSection(study, report, 'parallel')}
    <div class="columns">
      <div>${chartSection(study, report, 'shares')} ${chartSection(study, report, 'speedup')}</div>
      <div>${chartSection(study, report, 'slack')}</div>
    </div>
    ${
      report.front.length > 0 &&
      html`<section class="part part-table">
        <h3 class="heading">${isOptions ? 'The options' : 'The front, design by design'}</h3>
        ${scalingTable(study, report, isOptions)}
      </section>`
    }
  </section>`;
}

const axesOf = (study: Study) =>
  sweptAxes(study)
    .map(({ id }) => id)
    .join(', ');

/** Points are designs on a workload each. */
const countDesigns = (points: number, workloads: number) =>
  workloads === 1 ? counted(points, 'design') : `${counted(points, 'point')}, designs on ${workloads} workloads,`;

function pageHeader({ study, provenance, workloads }: ReportData): Html {
  const isPartial = provenance.finished === null;
  return html`<header class="top">
    <div class="tools">
      <span class="brand">delta-sweep</span>
      ${
        workloads.length > 1 &&
        html`<label class="select"
          >workload
          <select>
            ${workloads.map(({ name }, w) => html`<option value="${w}">${name}</option>`)}
          </select></label
        >`
      }
      <button type="button" class="theme" hidden>dark</button>
    </div>
    <h1>${study.name}</h1>
    <p class="sub">
      ${countDesigns(provenance.points, workloads.length)} of a scaled
      ${study.baseline.name}${axesOf(study) !== '' && html`, over ${axesOf(study)}`}
    </p>
    ${isPartial && html`<p class="warning">The run of this study has not finished: the report covers the points stored so far.</p>`}
  </header>`;
}

/** The whole page. */
export function renderPage(data: ReportData, assets: PageAssets): string {
  const { study, workloads } = data;
  const json: PageData = { workloads: workloads.map((report, w) => pageWorkload(study, report, w)) };
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(assets)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${study.name}: delta-sweep report</title>
        <style>
          ${new Html(styleOf(assets))}
        </style>
      </head>
      <body>
        ${pageHeader(data)}
        <main>${workloads.map((report, w) => workloadSection(study, report, w))} ${provenanceSection(data)}</main>
        <div class="tip" role="presentation" hidden></div>
        <p class="live" role="status" aria-live="polite"></p>
        <script type="application/json" id="data">
          ${scriptJson(json)}
        </script>
        ${scriptOf(assets)}
      </body>
    </html> `.text;
}
