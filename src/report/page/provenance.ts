/** Where the numbers come from: the study, the program, the constants. */
import { showNumber } from '../../model/units.js';
import { RESOURCES } from '../../model/resources.js';
import type { Study } from '../../space/study.js';
import { html, type Html } from './html.js';
import type { Provenance, ReportData } from '../../study/report-data/report-data.js';
import { errorNote } from './words.js';

const fact = (name: string, value: Html | string) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

function facts({ study, provenance, workloads }: ReportData): Html {
  const { hash, host, toolVersion, modelVersion, started, finished, points, grid } = provenance;
  const errors = [...new Set(workloads.map(errorNote))];
  return html`<dl class="facts">
    ${fact('identity', html`<code>${hash}</code>`)} ${fact('program', `delta-sweep ${toolVersion}`)}
    ${fact('model', modelVersion)} ${fact('model error', errors.join(' '))}
    ${fact('baseline', `${study.baseline.name} (${study.baseline.id})`)}
    ${fact('points', `${showNumber(points)} evaluated, of a grid of ${showNumber(grid)}; ${study.store === 'all' ? 'all are stored' : 'the front is stored'}`)}
    ${fact('constraints', study.constraints.length > 0 ? html`${study.constraints.map((text) => html`<code>${text}</code> `)}` : 'none')}
    ${fact('host', host)} ${fact('started', started)}
    ${fact('finished', finished ?? 'not yet: the report covers the points stored so far')}
  </dl>`;
}

function baselineTable({ baseline }: Study): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col" class="text">resource</th>
        <th scope="col">value</th>
        <th scope="col" class="text">unit</th>
        <th scope="col" class="text">source</th>
      </tr>
    </thead>
    <tbody>
      ${RESOURCES.map(
        ({ id, unit }) =>
          html`<tr>
            <th scope="row" class="text">${id}</th>
            <td>${showNumber(baseline[id])}</td>
            <td class="text">${unit === '1' ? '' : unit}</td>
            <td class="text wrap">${baseline.sources?.[id] ?? 'not given'}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function constantsTable({ constants }: Provenance): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col" class="text">constant</th>
        <th scope="col">value</th>
        <th scope="col">low</th>
        <th scope="col">high</th>
        <th scope="col" class="text">unit</th>
        <th scope="col">at, nm</th>
        <th scope="col" class="text">source</th>
      </tr>
    </thead>
    <tbody>
      ${constants.map(
        ({ id, value, low, high, unit, node, source }) =>
          html`<tr>
            <th scope="row" class="text">${id}</th>
            <td>${showNumber(value)}</td>
            <td>${showNumber(low)}</td>
            <td>${showNumber(high)}</td>
            <td class="text">${unit}</td>
            <td>${node}</td>
            <td class="text wrap">${source ?? 'set by the study'}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

const scroll = (label: string, content: Html) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;

export function provenanceSection(data: ReportData): Html {
  const { study, provenance } = data;
  return html`<section class="part" id="provenance">
    <h2>Where the numbers come from</h2>
    ${facts(data)}
    <details>
      <summary>The baseline and its sources</summary>
      ${scroll('The baseline', baselineTable(study))}
    </details>
    <details>
      <summary>Constants of area and energy, and their sources</summary>
      ${scroll('Constants', constantsTable(provenance))}
    </details>
    <details>
      <summary>The study as resolved</summary>
      ${scroll('The study', html`<pre>${JSON.stringify(study, null, 1)}</pre>`)}
    </details>
  </section>`;
}
